"""Serves simulated heads on a real pty, with a side channel that owns their time in lockstep.

The side channel speaks JSON lines, each answered by one. `{"advance_s": 2.0, "after_bytes": 120}` waits
until 120 bytes in all have arrived on the line (the system delivers them when it likes), then lets 2 s
pass; `{"truth": true}` asks for the shafts' true counts; `{"inject": {"address": 1, "silent": true}}`
makes something go wrong (see `faults`); `{"quit": true}` ends it. All but the truth are answered by the
time and the number of bytes received.
"""

import math
import os
import select
import selectors
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from firmware_bridge.simulator.config import SimulatorConfig
from firmware_bridge.simulator.faults import inject
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.pty_line import PtyLine
from firmware_bridge.simulator.side_channel import Answerer, SideChannel

BYTES_WITHIN_S: Final = 10.0
WATCHED_BYTES: Final = 4096


class PtyServer:
    """One line of heads on one pty. A context manager that takes everything away at its end.

    Device time follows `clock` (monotonic seconds); in lockstep only the side channel advances it.
    """

    def __init__(self, config: SimulatorConfig, clock: Callable[[], float]) -> None:
        self._heads = SimulatedLine(config.devices)
        self._lockstep, self._clock = config.lockstep, clock
        self._started_s = clock()
        self._now_s, self._now_ms, self._bytes_received = 0.0, 0, 0
        self._running = True
        self._selector = selectors.DefaultSelector()
        self._pty = PtyLine(config.link)
        self._selector.register(self._pty.descriptor, selectors.EVENT_READ, self._serve_line)
        self._requests: Mapping[str, Answerer] = {
            "advance_s": self._advance,
            "truth": self._truth,
            "inject": self._inject,
            "quit": self._quit,
        }
        self._side_channel = SideChannel(self._selector, self.answer)

    @property
    def port(self) -> str:
        """What a client opens as its serial port."""
        return self._pty.port

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
            for key, _ in self._selector.select():
                key.data()

    def close(self) -> None:
        """Take away the pty, its link and the side channel."""
        self._side_channel.close()
        self._selector.close()
        self._pty.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _watch_input(self, descriptor: int) -> None:
        self._running = bool(os.read(descriptor, WATCHED_BYTES))

    def _serve_line(self) -> None:
        data = self._pty.read()
        self._bytes_received += len(data)
        self._follow_clock()
        answer = self._heads.receive(data)
        if answer:
            self._pty.write(answer)

    def _follow_clock(self) -> None:
        if not self._lockstep:
            self._advance_to(self._clock() - self._started_s)

    def _advance_to(self, now_s: float) -> None:
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
        while self._bytes_received < after_bytes:
            if not select.select((self._pty.descriptor,), (), (), BYTES_WITHIN_S)[0]:
                raise ValueError(
                    f"{self._bytes_received} of {after_bytes} bytes came within {BYTES_WITHIN_S} s; "
                    "count what was written since the simulator started"
                )
            self._serve_line()
        self._advance_to(self._now_s + advance_s)
        return self._progress(request)

    def _progress(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"now_s": self._now_s, "bytes": self._bytes_received}

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

    def _quit(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._running = False
        return self._progress(request)
