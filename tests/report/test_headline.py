import pytest

from tracker.report.document import read_document
from tracker.report.headline import Outcome, headline, headline_of

REFUTED, OPEN = "is not supported", "is within the uncertainty, neither shown nor refuted"
WON = "Tracking yields +14.2 % (P90 +11.6 %, P10 +16.8 %)"
REACHED = "Tracking yields +43.0 % (P90 +40.5 %, P10 +46.0 %)"
NEARLY = "Tracking yields +39.5 % (P90 +36.0 %, P10 +42.0 %)"
LOST = "Fixed wins: tracking yields -2.3 % (P90 -4.0 %, P10 -0.6 %)"
EVEN = "Too close to call: tracking yields +0.4 % (P90 -1.5 %, P10 +2.2 %)"
BARE = "Fixed wins: tracking yields -2.3 % (no interval worked out)"


@pytest.mark.parametrize(
    ("percents", "verdict", "outcome", "opening", "ending"),
    [
        ((14.2, 11.6, 16.8), "not supported", Outcome.TRACKING, WON, REFUTED),
        ((43.0, 40.5, 46.0), "supported", Outcome.TRACKING, REACHED, "is supported"),
        ((39.5, 36.0, 42.0), "within uncertainty", Outcome.TRACKING, NEARLY, OPEN),
        ((-2.3, -4.0, -0.6), "not supported", Outcome.FIXED, LOST, REFUTED),
        ((0.4, -1.5, 2.2), "not supported", Outcome.OPEN, EVEN, REFUTED),
        ((-2.3, None, None), "not supported", Outcome.FIXED, BARE, REFUTED),
    ],
)
def test_the_sentence_gives_gain_interval_baseline_and_verdict(
    document, gain_row, percents, verdict, outcome, opening, ending
):
    document["gains"] = [gain_row(*percents)]
    document["claim"]["verdict"] = verdict
    answer = headline_of(document)
    over = "net energy over the best fixed tilt (20 deg south)"
    assert answer.sentence == f"{opening} {over} - the claim of +40 % {ending}"
    assert answer.outcome is outcome


def test_without_a_sunflower_the_stand_in_is_named_and_called_ideal(document, gain_row):
    document["mountings"] = [row for row in document["mountings"] if row["name"] != "sunflower"]
    document["gains"] = [
        gain_row(7.0, 5.0, 9.0, of="single_axis"),
        gain_row(16.0, 13.0, 18.0, of="two_axis_sun_facing"),
    ]
    answer = headline_of(document)
    assert answer.subject == "two_axis_sun_facing"
    assert answer.answer.startswith("Ideal tracking (two axes, sun-facing) yields +16.0 %")
    assert "the sunflower itself was not compared" in answer.answer


def test_without_any_tracked_row_there_is_no_answer_and_no_verdict(document):
    document["gains"] = []
    answer = headline_of(document)
    assert answer.outcome is Outcome.UNANSWERED
    assert answer.sentence == (
        "No answer: no tracked mounting was compared with the best fixed tilt (20 deg south)"
        " - the claim of +40 % was not tested"
    )


def test_a_winning_tracker_as_baseline_is_not_called_fixed(document, gain_row):
    document["claim"]["over"] = "single_axis"
    document["gains"] = [gain_row(-3.0, -5.0, -1.0, over="single_axis")]
    assert headline_of(document).answer.startswith("Single axis wins: tracking yields -3.0 %")


def test_another_baseline_than_the_claims_does_not_answer_the_claim(document, gain_row):
    document["gains"] = [gain_row(20.0, 18.0, 22.0, over="flat"), gain_row(14.0, 12.0, 16.0)]
    assert "+14.0 %" in headline(read_document(document)).answer
