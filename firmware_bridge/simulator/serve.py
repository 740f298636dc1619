"""Serves simulated heads on a pty or a TCP port, with a side channel that owns their time in lockstep.

The side channel speaks JSON lines, each answered by one. `{"advance_s": 2.0, "after_bytes": 120}` waits
until 120 bytes in all have arrived on the line (the system delivers them when it likes), then lets 2 s
pass; `{"truth": true}` asks for the shafts' true counts; `{"inject": {"address": 1, "silent": true}}`
makes something go wrong (see `faults`); `{"unplug": true}` takes the line away, devices live on, and
`{"plug": true}` brings it back; `{"quit": true}` ends it. All but the truth are answered by the time and
the number of bytes received.
"""

import math
import os
import selectors
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from firmware_bridge.simulator.config import SimulatorConfig
from firmware_bridge.simulator.fault_spec import fault_spec
from firmware_bridge.simulator.faults import inject
from firmware_bridge.simulator.faulty_end import FaultyEnd
from firmware_bridge.simulator.faulty_line import FaultyLine
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.line_end import open_end
from firmware_bridge.simulator.line_faults import NATIVE_ENDS, TEXT_ENDS
from firmware_bridge.simulator.second_host import native_host
from firmware_bridge.simulator.side_channel import Answerer, SideChannel
from firmware_bridge.simulator.spoken_line import SpokenLine

BYTES_WITHIN_S: Final = 10.0
REPORTS_EVERY_S: Final = 0.1  # how soon a head that speaks unasked is heard
WATCHED_BYTES: Final = 4096


class LineServer:
    """One line of heads for any client. A context manager that takes everything away at its end.

    Device time follows `clock` (monotonic seconds); in lockstep only the side channel advances it.
    """

    def __init__(self, config: SimulatorConfig, clock: Callable[[], float]) -> None:
        native = config.protocol == "native"
        self._heads: SimulatedLine | SpokenLine = (
            SimulatedLine(config.devices) if native else SpokenLine(config.devices[0], config.protocol)
        )
        self._lockstep, self._clock = config.lockstep, clock
        self._started_s = clock()
        self._now_s, self._now_ms = 0.0, 0
        self._reports = any(device.fault_reports for device in config.devices)
        self._running = True
        self._selector = selectors.DefaultSelector()
        self._end = open_end(config.link, config.tcp_port)
        addresses = [device.address for device in config.devices]
        line = FaultyLine(
            fault_spec(config.faults),
            another_host=native_host(addresses) if native else None,
            ends=NATIVE_ENDS if native else TEXT_ENDS,
        )
        self._line = FaultyEnd(self._end, line, self._behind)
        self._selector.register(self._end.fileno(), selectors.EVENT_READ, self._serve_line)
        self._requests: Mapping[str, Answerer] = {
            "advance_s": self._advance,
            "truth": self._truth,
            "inject": self._inject,
            "unplug": self._unplug,
            "plug": self._plug,
            "quit": self._quit,
        }
        self._side_channel = SideChannel(self._selector, self.answer)

    @property
    def port(self) -> str:
        """What a client opens as its serial port, or tcp://host:port."""
        return self._end.port

    @property
    def side_channel(self) -> str:
        """Path of the side channel's socket."""
        return self._side_channel.path

    def watch(self, descriptor: int) -> None:
        """Quit when this input ends: whoever started us is gone."""
        self._selector.register(descriptor, selectors.EVENT_READ, lambda: self._watch_input(descriptor))

    def serve(self) -> None:
        """Serve until told to quit."""
        while self._running:
            for key, _ in self._selector.select(self._until_next_s()):
                key.data()
            self._follow_clock()

    def close(self) -> None:
        """Take away the line, its link and the side channel."""
        self._side_channel.close()
        self._selector.close()
        self._end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _watch_input(self, descriptor: int) -> None:
        self._running = bool(os.read(descriptor, WATCHED_BYTES))

    def _until_next_s(self) -> float | None:
        """How long to wait at most for somebody to speak; None for as long as it takes."""
        if self._lockstep or (self._line.next_s == math.inf and not self._reports):
            return None
        next_s = min(self._line.next_s, self._now_s + REPORTS_EVERY_S)
        return max(0.0, next_s - (self._clock() - self._started_s))

    def _serve_line(self) -> None:
        self._follow_clock()
        self._line.hear(self._now_s)

    def _behind(self, data: bytes, at_s: float) -> bytes:
        self._advance_heads(at_s)
        return self._heads.receive(data)

    def _follow_clock(self) -> None:
        if not self._lockstep:
            self._advance_to(self._clock() - self._started_s)

    def _advance_to(self, now_s: float) -> None:
        self._line.run_until(now_s)
        self._advance_heads(now_s)
        self._line.say(self._heads.unasked(), now_s)

    def _advance_heads(self, now_s: float) -> None:
        now_ms = round(1000.0 * now_s)  # of the sum, so that steps of a third of a second do not drift
        self._heads.advance(now_ms - self._now_ms)
        self._now_s, self._now_ms = now_s, now_ms

    def answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the side channel says to a request. Raises ValueError or TypeError for an unusable one."""
        self._follow_clock()
        asked = next((name for name in self._requests if name in request), None)
        if asked is None:
            raise ValueError(f"request {dict(request)} is unknown; use one of: {', '.join(self._requests)}")
        return self._requests[asked](request)

    def _advance(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        advance_s, after_bytes = float(request["advance_s"]), int(request.get("after_bytes", 0))
        if not self._lockstep or not 0.0 <= advance_s < math.inf:
            raise ValueError(f"cannot advance by {advance_s} s; use lockstep and a time that is not negative")
        while (before := self._line.bytes_received) < after_bytes:
            self._line.hear(self._now_s, BYTES_WITHIN_S)
            if self._line.bytes_received == before:
                raise ValueError(
                    f"{before} of {after_bytes} bytes came within {BYTES_WITHIN_S} s; "
                    "count what was written since the simulator started"
                )
        self._advance_to(self._now_s + advance_s)
        return self._progress(request)

    def _progress(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"now_s": self._now_s, "bytes": self._line.bytes_received}

    def _truth(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        stations = self._heads.stations.items()
        return {
            "truth": {
                address: [station.head.azimuth.shaft, station.head.elevation.shaft]
                for address, station in stations
            }
        }

    def _inject(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        faults = dict(request["inject"])
        address = faults.pop("address", None)
        if address not in self._heads.stations:
            known = ", ".join(map(str, self._heads.stations))
            raise ValueError(f"no head has address {address}; use one of: {known}")
        inject(self._heads.stations[address], faults)
        return self._progress(request)

    def _unplug(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._end.hang_up()
        return self._progress(request)

    def _plug(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._end.hang_up()
        self._end.come_back(renamed=True)
        return self._progress(request)

    def _quit(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._running = False
        return self._progress(request)
