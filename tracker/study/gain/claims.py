"""Whether a promised gain holds, and what would make it true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from tracker.errors import InvalidInput
from tracker.plant import ALL_MOUNTINGS
from tracker.study.gain.day_classes import DayClass, Days, by_sky, reached_share_percent
from tracker.study.gain.gains import Gain
from tracker.study.gain.uncertainty import exceedance
from tracker.units import FloatArray

Verdict = Literal["supported", "not supported", "within uncertainty"]
NetWh: TypeAlias = Mapping[str, FloatArray]  # (T,) by the name of the mounting
SUBJECTS: Final = (
    "sunflower",
    "two_axis_optimal",
    "two_axis_sun_facing",
    "azimuth_only",
    "single_axis",
    "single_axis_true",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A claimed gain against one baseline: how probable it is that more is reached."""

    over: str
    reached_percent: float
    probability_percent: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A promised net gain of `of` over `over`, percent, and what became of it.

    judgements are those over every baseline compared, the lowest gain first; sky holds the gain over the
    baseline by kind of day, days_percent is the share of days that alone reach what is claimed, and only_if
    says in words what makes the claim true where it is not supported. A part of a year judges nothing: the
    verdict is then that the claim is neither shown nor refuted, without probability and judgements.
    """

    percent: float
    of: str
    over: str
    verdict: Verdict
    reached_percent: float
    probability_percent: float | None
    says: str
    judgements: tuple[Judgement, ...]
    sky: tuple[DayClass, ...]
    days_percent: float
    only_if: tuple[str, ...]


def judged(
    percent: float, over: str, gains: Sequence[Gain], transposition: str, days: Days, net_wh: NetWh
) -> Claim:
    """The claim tested on the most real tracked mounting that is compared with `over`.

    Supported when reached with 90 % probability or more, not supported when with 10 % or less. Over "all"
    it is judged by the baseline it gains least over: only then it holds for each. Raises InvalidInput when
    no tracked mounting is compared with `over`.
    """
    of = _subject(over, gains)
    mine = sorted((gain for gain in gains if gain.of == of), key=lambda gain: gain.net_percent)
    gain = next(gain for gain in mine if over in (ALL_MOUNTINGS, gain.over))
    verdict = verdict_of(percent, gain)
    judgements = tuple(_judgement(percent, each) for each in mine)
    sky = by_sky(days, net_wh[of], net_wh[gain.over])
    days_percent = reached_share_percent(days, net_wh[of], net_wh[gain.over], percent)
    return Claim(
        percent=percent,
        of=of,
        over=gain.over,
        verdict=verdict,
        reached_percent=gain.net_percent,
        probability_percent=_probability_percent(percent, gain),
        says=_says(percent, gain, transposition, verdict),
        judgements=judgements,
        sky=sky,
        days_percent=days_percent,
        only_if=() if verdict == "supported" else _only_if(percent, judgements, sky, days_percent),
    )


def of_part_year(claim: Claim, gain: Gain, transposition: str, span: str) -> Claim:
    """The same claim where only `span` was compared, which stands for no year: it stays open."""
    reached = _reached(gain, transposition)
    return replace(
        claim,
        verdict="within uncertainty",
        probability_percent=None,
        says=f"{reached} in {span}: {claim.percent:+.1f} % is claimed of years and stays open.",
        judgements=(),
        only_if=(),
    )


def verdict_of(percent: float, gain: Gain) -> Verdict:
    """Where a claimed percentage lies in the interval of a gain."""
    if percent <= gain.p90_percent:
        return "supported"
    return "not supported" if percent >= gain.p10_percent else "within uncertainty"


def _subject(over: str, gains: Sequence[Gain]) -> str:
    compared = {gain.of for gain in gains if over in (ALL_MOUNTINGS, gain.over)}
    for name in SUBJECTS:
        if name in compared:
            return name
    baseline = "a fixed mounting" if over == ALL_MOUNTINGS else over
    raise InvalidInput(
        f"claim_over = {over!r}: no tracked mounting is compared with it; "
        f"put {baseline} and one of {', '.join(SUBJECTS)} into comparison.mountings"
    )


def _judgement(percent: float, gain: Gain) -> Judgement:
    return Judgement(
        over=gain.over,
        reached_percent=gain.net_percent,
        probability_percent=_probability_percent(percent, gain),
        verdict=verdict_of(percent, gain),
    )


def _probability_percent(percent: float, gain: Gain) -> float:
    return 100.0 * exceedance(percent, gain.net_percent, gain.spread.total_points)


def _says(percent: float, gain: Gain, transposition: str, verdict: Verdict) -> str:
    return f"{_reached(gain, transposition)}: {percent:+.1f} % is {verdict}."


def _reached(gain: Gain, transposition: str) -> str:
    return (
        f"Over {_spoken(gain.over)}, {_spoken(gain.of)} reaches {gain.net_percent:+.1f} % net "
        f"(P90 {gain.p90_percent:+.1f} %, P10 {gain.p10_percent:+.1f} %, {transposition} transposition)"
    )


def _only_if(
    percent: float, judgements: Sequence[Judgement], sky: Sequence[DayClass], days_percent: float
) -> tuple[str, ...]:
    """Baselines, skies and days that would make the claim true, or that there are none."""
    return (
        _if_baseline([judged.over for judged in judgements if judged.verdict == "supported"]),
        _if_sky(percent, sky),
        f"on {days_percent:.0f} % of the days it is reached",
    )


def _if_baseline(over: Sequence[str]) -> str:
    if not over:
        return "no baseline compared makes it true"
    return f"it is supported if the baseline is {' or '.join(map(_spoken, over))}"


def _if_sky(percent: float, sky: Sequence[DayClass]) -> str:
    reached = [day for day in sky if day.gain_percent is not None and day.gain_percent >= percent]
    if not reached:
        return "no kind of sky makes it true"
    return "it is reached if every day is " + " or ".join(
        f"{day.sky} (as {day.share_percent:.0f} % of them are: {day.gain_percent:+.1f} %)" for day in reached
    )


def _spoken(name: str) -> str:
    return name.replace("_", " ")
