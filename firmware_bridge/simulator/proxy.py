"""A bad line between a client and a real one: `python -m firmware_bridge.simulator.proxy PORT --faults F`.

PORT is a serial port or tcp://host:port; the client's end is a pty (`--listen PATH` makes PATH a link to it)
or `--listen tcp:NUMBER`. One `ready` line in JSON says where it is. It ends with exit code 3 when PORT goes
away, with 130 when it is interrupted.
"""

import argparse
import json
import math
import selectors
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Final, NoReturn
from urllib.parse import urlsplit

from firmware_bridge.errors import LinkLost, PortUnavailable
from firmware_bridge.simulator.fault_spec import FAULTS, fault_spec
from firmware_bridge.simulator.faulty_end import FaultyEnd
from firmware_bridge.simulator.faulty_line import FaultyLine
from firmware_bridge.simulator.line_end import LineEnd, listening_place, open_end
from firmware_bridge.simulator.line_faults import NATIVE_ENDS, TEXT_ENDS
from firmware_bridge.simulator.second_host import native_host
from firmware_bridge.transport.reconnecting import FIRST_WITHIN_S
from firmware_bridge.transport.serial_port import SerialPort
from firmware_bridge.transport.tcp_port import TcpDial, TcpPort
from firmware_bridge.wire.schema import FIRST_ADDRESS

DEFAULT_BAUD: Final = 115200
WRONG_USE: Final = 2
DEVICE_FAILED: Final = 3
INTERRUPTED: Final = 130


class Proxy:
    """Carries bytes between clients at `near` and devices at `far`, as faulty as `line` is."""

    def __init__(
        self, near: LineEnd, far: SerialPort | TcpPort, line: FaultyLine, clock: Callable[[], float]
    ) -> None:
        self._near, self._far, self._clock = near, far, clock
        self._started_s = clock()
        self._line = FaultyEnd(near, line, self._told)
        self._selector = selectors.DefaultSelector()
        self._selector.register(near.fileno(), selectors.EVENT_READ, self._from_client)
        self._selector.register(far.fileno(), selectors.EVENT_READ, self._from_device)

    def step(self) -> None:
        """Wait for the next thing and do it. Raises LinkLost when the real line is gone."""
        waits_s = self._line.next_s - self._now_s()
        for key, _ in self._selector.select(None if waits_s == math.inf else max(0.0, waits_s)):
            key.data()
        self._line.run_until(self._now_s())

    def close(self) -> None:
        """Stop listening for either side."""
        self._selector.close()

    def _now_s(self) -> float:
        return self._clock() - self._started_s

    def _from_client(self) -> None:
        self._line.hear(self._now_s())

    def _from_device(self) -> None:
        self._line.say(self._far.read(0.0), self._now_s())

    def _told(self, data: bytes, _at_s: float) -> bytes:
        self._far.write(data)
        return b""


def main(arguments: list[str]) -> int:
    """Exit code: 2 wrong use, 3 no line or one that went away, 130 interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = _parser().parse_args(arguments)
    try:
        with ExitStack() as stack:
            _serve(asked, stack)
    except (LinkLost, PortUnavailable, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201  this is the program's output
        return WRONG_USE if isinstance(error, ValueError) else DEVICE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    faults = "\n".join(f"  {key}={fault.value}: {fault.meaning}" for key, fault in FAULTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m firmware_bridge.simulator.proxy",
        description="Put a bad line between a client and a real one.",
        epilog=f"faults, separated by commas:\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("port", help="the real line: a serial port or tcp://host:port")
    parser.add_argument("--listen", help="where clients come: a path (a link is made), or tcp:NUMBER")
    parser.add_argument("--faults", default="", help="what goes wrong, see below")
    parser.add_argument("--baud", type=int, default=DEFAULT_BAUD)
    parser.add_argument("--text", action="store_true", help="frames are lines of text, not native ones")
    return parser


def _serve(asked: argparse.Namespace, stack: ExitStack) -> NoReturn:
    spec, (link, tcp_port) = fault_spec(asked.faults), listening_place(asked.listen)
    line = (
        FaultyLine(spec, ends=TEXT_ENDS)
        if asked.text
        else FaultyLine(spec, ends=NATIVE_ENDS, another_host=native_host((FIRST_ADDRESS,)))
    )
    far = stack.enter_context(closing(_opened(asked.port, asked.baud)))
    near = stack.enter_context(closing(open_end(link, tcp_port)))
    proxy = stack.enter_context(closing(Proxy(near, far, line, time.monotonic)))
    print(json.dumps({"ready": True, "port": near.port}), flush=True)  # noqa: T201
    while True:
        proxy.step()


def _opened(url: str, baud: int) -> SerialPort | TcpPort:
    if "://" not in url:
        return SerialPort(url, baud)
    dial = TcpDial(urlsplit(url), time.monotonic)
    port = dial.open(FIRST_WITHIN_S)
    if port is None:
        dial.close()
        raise PortUnavailable(url, "does not answer", "check host, network and power")
    return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
