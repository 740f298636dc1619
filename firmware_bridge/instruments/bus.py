"""Several instruments on one line: each asked in turn, none kept waiting for a silent one."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.instruments.decode import NoReading, Reading, Reason, by_address, decode, spans
from firmware_bridge.instruments.definition import Instrument, Kind
from firmware_bridge.instruments.gust import Gust, GustMeter
from firmware_bridge.instruments.watch import Answer, Watch
from firmware_bridge.modbus.port import RegisterLine
from firmware_bridge.modbus.refusal import ModbusRefusal

EVERY_S: Final = 0.5  # chosen: six samples to a gust
AGAIN_S: Final = 5.0  # chosen: a silent instrument costs its timeouts; the others are asked meanwhile


class InstrumentBus:
    """Asks instruments over a line; `clock` gives monotonic seconds.

    `poll` is for one thread; `latest` and `gust` only look, and may be called from any other meanwhile.
    Raises ValueError when two instruments share a name or a unit id.
    """

    def __init__(
        self, line: RegisterLine, instruments: Sequence[Instrument], clock: Callable[[], float]
    ) -> None:
        check_distinct(instruments)
        self.instruments: Final = tuple(instruments)
        self._line, self._clock = line, clock
        self._watch = Watch(instruments)
        self._asked_again_s: dict[str, float] = {}
        self._meters = {each.name: GustMeter() for each in instruments if each.kind is Kind.ANEMOMETER}
        self._gusts: dict[str, Gust | None] = {}

    def poll(self) -> dict[str, Answer]:
        """Ask everybody whose turn it is; the latest answers of all. Never raises for an instrument."""
        for instrument in self.instruments:
            if self._clock() >= self._asked_again_s.get(instrument.name, 0.0):
                self._meter(self._watch.take(self._ask(instrument)))
        return self.latest()

    def latest(self) -> dict[str, Answer]:
        """The answers as they stand now, without asking: old ones are none."""
        now_s = self._clock()
        return {
            instrument.name: self._watch.latest(instrument.name, now_s) for instrument in self.instruments
        }

    def gust(self, name: str) -> Gust | None:
        """The gust up to the latest reading; None while there is none. Raises KeyError for no instrument."""
        latest = self._watch.latest(name, self._clock())
        return self._gusts.get(name) if isinstance(latest, Reading) else None

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._line.close()

    def _meter(self, answer: Answer) -> None:
        if isinstance(answer, Reading) and answer.instrument in self._meters:
            meter, own_m_s = self._meters[answer.instrument], answer.values.get("gust_m_s", 0.0)
            meter.add(max(answer.values["wind_m_s"], own_m_s), answer.measured_s)
            self._gusts[answer.instrument] = meter.gust()

    def _ask(self, instrument: Instrument) -> Answer:
        registers: dict[int, int] = {}
        self._asked_again_s.pop(instrument.name, None)
        try:
            for span in spans(instrument):
                words = self._line.read(instrument.unit, span.start, len(span), instrument.function)
                registers |= by_address(span, words)
        except LinkLost as error:
            self._asked_again_s[instrument.name] = self._clock() + AGAIN_S
            return self._none(instrument, Reason.SILENT, error)
        except ModbusRefusal as error:
            return self._none(instrument, Reason.EXCEPTION, error)
        except (BridgeError, ValueError) as error:
            return self._none(instrument, Reason.NONSENSE, error)
        return decode(instrument, registers, self._clock())

    def _none(self, instrument: Instrument, reason: Reason, error: Exception) -> NoReading:
        return NoReading(instrument=instrument.name, reason=reason, says=str(error), asked_s=self._clock())


class InstrumentPoller:
    """Polls a bus in a thread of its own, so that a silent instrument holds up nobody; a context manager.

    It closes the bus at its end. Should it die, its readings grow stale, and missing wind is wind.
    """

    def __init__(self, bus: InstrumentBus, every_s: float = EVERY_S) -> None:
        self._bus, self._every_s = bus, every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="instruments", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop asking and let go of the line; twice is once."""
        self._closing.set()
        self._thread.join()
        self._bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._bus.poll()
            self._closing.wait(self._every_s)


def check_distinct(instruments: Sequence[Instrument]) -> None:
    """Raises ValueError when two instruments of one line share a name or a unit id."""
    given = {"name": [each.name for each in instruments], "unit id": [str(each.unit) for each in instruments]}
    for what, names in given.items():
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(
                f"{what} {', '.join(twice)} is given twice on one line; give each instrument its own"
            )
