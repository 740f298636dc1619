"""Whether a promised gain holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tracker.errors import InvalidInput
from tracker.study.gains import Gain

Verdict = Literal["supported", "not supported", "within uncertainty"]
SUBJECTS: Final = ("sunflower", "two_axis_optimal", "two_axis_sun_facing", "single_axis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A promised net gain of `of` over `over`, percent, and what became of it."""

    percent: float
    of: str
    over: str
    verdict: Verdict
    reached_percent: float
    says: str


def judged(percent: float, over: str, gains: Sequence[Gain], transposition: str) -> Claim:
    """The claim tested on the most real tracked mounting that is compared with `over`.

    Supported when reached with 90 % probability or more, not supported when with 10 % or less.
    Raises InvalidInput when no tracked mounting is compared with `over`.
    """
    gain = _subject(over, gains)
    verdict = verdict_of(percent, gain)
    says = (
        f"Over {_spoken(over)}, {_spoken(gain.of)} reaches {gain.net_percent:+.1f} % net "
        f"(P90 {gain.p90_percent:+.1f} %, P10 {gain.p10_percent:+.1f} %, {transposition} transposition): "
        f"{percent:+.1f} % is {verdict}."
    )
    return Claim(
        percent=percent,
        of=gain.of,
        over=over,
        verdict=verdict,
        reached_percent=gain.net_percent,
        says=says,
    )


def verdict_of(percent: float, gain: Gain) -> Verdict:
    """Where a claimed percentage lies in the interval of a gain."""
    if percent <= gain.p90_percent:
        return "supported"
    return "not supported" if percent >= gain.p10_percent else "within uncertainty"


def _subject(over: str, gains: Sequence[Gain]) -> Gain:
    by_name = {gain.of: gain for gain in gains if gain.over == over}
    for name in SUBJECTS:
        if name in by_name:
            return by_name[name]
    raise InvalidInput(
        f"claim_over = {over!r}: no tracked mounting is compared with it; "
        f"put {over} and one of {', '.join(SUBJECTS)} into comparison.mountings"
    )


def _spoken(name: str) -> str:
    return name.replace("_", " ")
