"""Are the instruments alive and plausible? Asked before anything moves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.instruments.bus import InstrumentBus
from firmware_bridge.instruments.decode import Reading, Reason
from firmware_bridge.instruments.definition import Instrument, Kind
from firmware_bridge.instruments.watch import Answer

NEXT: Final[Mapping[Reason, str]] = {
    Reason.SILENT: "check power, wiring, termination, unit id, baud and parity",
    Reason.EXCEPTION: "compare function and addresses with its manual",
    Reason.NONSENSE: "look for a second master, or two instruments with one unit id",
    Reason.NO_VALUE: "look at its sensor and cable; it works, but measures nothing",
    Reason.OUT_OF_RANGE: "compare type, word order and scale with its manual, then look at its sensor",
    Reason.FROZEN: "look for ice, a stuck rotor or a broken cable",
    Reason.STALE: "ask again; when it lasts, look at the line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One instrument: whether it can be used, what it said (value, limit), and what to do next."""

    instrument: str
    usable: bool
    says: str
    next_action: str = ""


def check_instruments(
    bus: InstrumentBus, needed: Collection[Kind] = (Kind.ANEMOMETER,)
) -> tuple[Finding, ...]:
    """Ask every instrument once: a finding for each, and one for each needed kind that nobody provides."""
    answers = bus.poll()
    found = tuple(_finding(instrument, answers[instrument.name]) for instrument in bus.instruments)
    kinds = {instrument.kind for instrument in bus.instruments}
    return found + tuple(_missing(kind) for kind in needed if kind not in kinds)


def _finding(instrument: Instrument, answer: Answer) -> Finding:
    if isinstance(answer, Reading):
        limits = instrument.channels
        values = (
            f"{name} {value:g} (limits {limits[name].low:g} to {limits[name].high:g})"
            for name, value in answer.values.items()
        )
        return Finding(instrument=instrument.name, usable=True, says=", ".join(values))
    return Finding(
        instrument=instrument.name,
        usable=False,
        says=f"{answer.reason}: {answer.says}",
        next_action=NEXT[answer.reason],
    )


def _missing(kind: Kind) -> Finding:
    return Finding(
        instrument=kind.value,
        usable=False,
        says=f"no {kind.value} on this line, and one is needed",
        next_action="fit one and describe it in the site file",
    )
