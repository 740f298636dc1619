"""Several instruments on one line: each asked in turn, none kept waiting for a silent one."""

from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.instruments.decode import NoReading, Reading, Reason, by_address, decode, spans
from firmware_bridge.instruments.definition import Instrument, Kind
from firmware_bridge.instruments.gust import Gust, GustMeter
from firmware_bridge.instruments.watch import Answer, Watch
from firmware_bridge.modbus.port import RegisterLine
from firmware_bridge.modbus.refusal import ModbusRefusal

AGAIN_S: Final = 5.0  # chosen: a silent instrument costs its timeouts; the others are asked meanwhile


class InstrumentBus:
    """Asks instruments over a line; `clock` gives monotonic seconds. For one thread.

    Raises ValueError when two instruments share a name or a unit id.
    """

    def __init__(
        self, line: RegisterLine, instruments: Sequence[Instrument], clock: Callable[[], float]
    ) -> None:
        _check_distinct("name", [instrument.name for instrument in instruments])
        _check_distinct("unit id", [str(instrument.unit) for instrument in instruments])
        self.instruments: Final = tuple(instruments)
        self._line, self._clock = line, clock
        self._watch = Watch(instruments)
        self._asked_again_s: dict[str, float] = {}

    def poll(self) -> dict[str, Answer]:
        """Ask everybody whose turn it is; the latest answers of all. Never raises for an instrument."""
        for instrument in self.instruments:
            if self._clock() >= self._asked_again_s.get(instrument.name, 0.0):
                self._watch.take(self._ask(instrument))
        return self.latest()

    def latest(self) -> dict[str, Answer]:
        """The answers as they stand now, without asking: old ones are none."""
        now_s = self._clock()
        return {
            instrument.name: self._watch.latest(instrument.name, now_s) for instrument in self.instruments
        }

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._line.close()

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


class BusWind:
    """The wind on a bus, with the shape of a site's wind sensor: a missing reading is no gust at all."""

    def __init__(self, bus: InstrumentBus, name: str, meter: GustMeter | None = None) -> None:
        kinds = {instrument.name: instrument.kind for instrument in bus.instruments}
        if kinds.get(name) is not Kind.ANEMOMETER:
            raise ValueError(f"{name!r} is no anemometer on this line; name one of its anemometers")
        self._bus, self._name, self._meter = bus, name, meter or GustMeter()

    def read(self, now_s: float) -> Gust | None:
        """The gust up to the newest reading; None while there is no reading. `now_s` is the bus's clock."""
        answer = self._bus.poll()[self._name]
        if not isinstance(answer, Reading):
            return None
        own_m_s = answer.values.get("gust_m_s", 0.0)
        self._meter.add(max(answer.values["wind_m_s"], own_m_s), answer.measured_s)
        return self._meter.gust()


def _check_distinct(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"{what} {', '.join(twice)} is given twice on one line; give each instrument its own"
        )
