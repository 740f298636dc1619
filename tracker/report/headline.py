"""The answer in one sentence: gain, interval, baseline and what became of the claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tracker.report import labels
from tracker.report.document import Claim, ComparisonDocument, Gain, read_document

SUNFLOWER: Final = "sunflower"
STAND_INS: Final = (  # best first
    "two_axis_optimal",
    "two_axis_sun_facing",
    "azimuth_only",
    "single_axis",
    "single_axis_true",
)


class Outcome(StrEnum):
    """Who wins, as far as the interval lets us say."""

    TRACKING = "tracking wins"
    FIXED = "the baseline wins"
    OPEN = "too close to call"
    UNANSWERED = "nothing to compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The answer and the verdict on the claim; `subject` names the tracked row, '' where there is none."""

    outcome: Outcome
    subject: str
    answer: str
    verdict: str

    @property
    def sentence(self) -> str:
        """All of it as one line of plain ASCII."""
        return f"{self.answer} - {self.verdict}"


def headline(document: ComparisonDocument) -> Headline:
    """The first sentence of a report; pure."""
    claimed = f"{document.claim.percent:+g} %"
    verdict = VERDICTS[document.claim.verdict].format(percent=claimed)
    if document.part_year is not None:
        verdict = f"the claim of {claimed} is one of years, which these days neither show nor refute"
    gain = subject_gain(document)
    if gain is None:
        over = _the(document, document.claim.over)
        answer = f"No answer: no tracked mounting was compared with {over}"
        return Headline(
            outcome=Outcome.UNANSWERED, subject="", answer=answer, verdict=_untested(document.claim)
        )
    outcome = outcome_of(gain)
    answer = _prefix(outcome, gain.over) + _gain_sentence(document, gain)
    return Headline(outcome=outcome, subject=gain.of, answer=answer, verdict=verdict)


def headline_of(document: Mapping[str, object]) -> Headline:
    """The same from the JSON document; raises ValueError naming every wrong key."""
    return headline(read_document(document))


def subject_gain(document: ComparisonDocument) -> Gain | None:
    """The gain over the claim's baseline that answers: the sunflower's, or its best stand-in's."""
    over = document.claim.over
    found = (document.gain(name, over) for name in (SUNFLOWER, *STAND_INS) if name != over)
    return next((gain for gain in found if gain is not None), None)


def outcome_of(gain: Gain) -> Outcome:
    """Who wins: an interval that holds zero decides nothing; without one the sign of the gain decides."""
    low = gain.net_percent if gain.p90_percent is None else gain.p90_percent
    high = gain.net_percent if gain.p10_percent is None else gain.p10_percent
    if low > 0.0:
        return Outcome.TRACKING
    return Outcome.FIXED if high < 0.0 else Outcome.OPEN


def interval(gain: Gain) -> str:
    """'P90 +11.6 %, P10 +16.8 %', or that none was worked out."""
    if gain.p90_percent is None or gain.p10_percent is None:
        return "no interval worked out"
    return f"P90 {gain.p90_percent:+.1f} %, P10 {gain.p10_percent:+.1f} %"


VERDICTS: Final[Mapping[str, str]] = {
    "supported": "the claim of {percent} is supported",
    "not supported": "the claim of {percent} is not supported",
    "within uncertainty": "the claim of {percent} is within the uncertainty, neither shown nor refuted",
}


def _prefix(outcome: Outcome, over: str) -> str:
    winner = "Fixed" if labels.stands_still(over) else labels.mounting(over).capitalize()
    return {Outcome.FIXED: f"{winner} wins: ", Outcome.OPEN: "Too close to call: "}.get(outcome, "")


def _gain_sentence(document: ComparisonDocument, gain: Gain) -> str:
    real = gain.of == SUNFLOWER
    who = "tracking" if real else f"ideal tracking ({labels.mounting(gain.of)})"
    if outcome_of(gain) is Outcome.TRACKING:
        who = who.capitalize()
    rest = "" if real else "; the sunflower itself was not compared"
    over = _the(document, gain.over)
    part = document.part_year
    within = "" if part is None else f" in {part.says}"
    return f"{who} yields {gain.net_percent:+.1f} % ({interval(gain)}) net energy over {over}{within}{rest}"


def _the(document: ComparisonDocument, name: str) -> str:
    row = document.mounting(name)
    plane = labels.plane(row) if row is not None else ""
    return f"the {labels.mounting(name)}" + (f" ({plane})" if plane else "")


def _untested(claim: Claim) -> str:
    return f"the claim of {claim.percent:+g} % was not tested"
