"""Whether a line's instruments are alive: frozen values and old readings are none. Pure; told the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.instruments.decode import NoReading, Reading, Reason
from firmware_bridge.instruments.definition import Channel, Instrument

Answer = Reading | NoReading


@dataclass(slots=True)
class _Held:
    """A raw value, when it came, and when it was seen last."""

    raw: float
    since_s: float


class Watch:
    """Remembers the raw values of all channels on a line, and the last answer of each instrument."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._instruments: Final = {instrument.name: instrument for instrument in instruments}
        self._held: dict[tuple[str, str], _Held] = {}
        self._latest: dict[str, Answer] = {}

    def take(self, answer: Answer) -> Answer:
        """Remember an answer; a reading with a frozen channel becomes none."""
        if isinstance(answer, Reading):
            self._note(answer)
            answer = self._frozen(answer) or answer
        self._latest[answer.instrument] = answer
        return answer

    def latest(self, name: str, now_s: float) -> Answer:
        """The last answer, none when it is too old or has never come. Raises KeyError for no instrument."""
        instrument, answer = self._instruments[name], self._latest.get(name)
        if answer is None:
            return _none(name, Reason.STALE, "it has not been asked yet", now_s)
        if isinstance(answer, Reading) and not 0.0 <= now_s - answer.measured_s <= instrument.stale_after_s:
            age_s = now_s - answer.measured_s
            says = f"the last reading is {age_s:.1f} s old, limit {instrument.stale_after_s:g} s"
            return _none(name, Reason.STALE, says, now_s)
        return answer

    def _note(self, reading: Reading) -> None:
        for channel, raw in reading.raw.items():
            held = self._held.get((reading.instrument, channel))
            if held is None or held.raw != raw:
                self._held[reading.instrument, channel] = _Held(raw, reading.measured_s)

    def _frozen(self, reading: Reading) -> NoReading | None:
        for name, channel in self._instruments[reading.instrument].channels.items():
            held = self._held[reading.instrument, name]
            same_s, limit_s = reading.measured_s - held.since_s, _patience_s(channel, reading.values[name])
            if same_s >= limit_s and self._counts(channel, (reading.instrument, name), held.since_s):
                says = f"{name} has been {reading.values[name]:g} for {same_s:.0f} s, limit {limit_s:g} s"
                return _none(reading.instrument, Reason.FROZEN, says, reading.measured_s)
        return None

    def _counts(self, channel: Channel, key: tuple[str, str], since_s: float) -> bool:
        """Whether standing still means something: always, or only when something else has moved since."""
        others = (held.since_s for other, held in self._held.items() if other != key)
        return channel.frozen_while == "always" or any(moved_s > since_s for moved_s in others)


def _patience_s(channel: Channel, value: float) -> float:
    """How long a value may stand still. At rest the raw value decides, so half a step is near enough."""
    at_rest = channel.rests_at is not None and abs(value - channel.rests_at) < abs(channel.scale) / 2.0
    return channel.rest_after_s if at_rest else channel.frozen_after_s


def _none(name: str, reason: Reason, says: str, asked_s: float) -> NoReading:
    return NoReading(instrument=name, reason=reason, says=says, asked_s=asked_s)
