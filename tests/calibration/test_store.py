import errno
import json
import os

import numpy as np
import pytest

from calibration import Calibration, fit, read_calibration, write_calibration
from calibration.record import format_calibration, parse_calibration
from tracker.errors import InvalidInput, OutputFailed
from tracker.frames import enu_from_azel

NAMES = ("H01", "H02", "H03")


@pytest.fixture
def calibration(sighted, rng):
    wanted = enu_from_azel(rng.uniform(0.0, 360.0, 20), rng.uniform(10.0, 75.0, 20))
    return Calibration.of(fit(sighted({"H01": {"IA": 1.0}, "H02": {"IE": -0.5}}, wanted)), epoch="home-7")


@pytest.fixture
def document(calibration):
    return json.loads(format_calibration(calibration))


def refusal(document):
    with pytest.raises(InvalidInput) as refused:
        parse_calibration(json.dumps(document), NAMES, "c.json")
    assert "c.json" in str(refused.value)
    return str(refused.value)


def test_a_calibration_reads_back_to_the_same_values(calibration, tmp_path):
    path = tmp_path / "calibration.json"
    write_calibration(path, calibration)
    again = read_calibration(path, NAMES)
    assert format_calibration(again) == format_calibration(calibration)
    assert again.epoch == "home-7"
    assert again.heads[0].last_utc == calibration.heads[0].last_utc
    np.testing.assert_array_equal(again.model(NAMES).values_deg, calibration.model(NAMES).values_deg)
    assert [file.name for file in tmp_path.iterdir()] == ["calibration.json"]


def test_the_model_follows_the_names_of_the_array_and_leaves_unknown_heads_as_drawn(calibration):
    model = calibration.model(("H03", "H02", "H01"))
    assert calibration.uncalibrated(("H03", "H02", "H01")) == ("H03",)
    np.testing.assert_array_equal(model.values_deg[0], 0.0)
    azimuth_zero = model.terms.index("IA")
    assert model.values_deg[2, azimuth_zero] == pytest.approx(1.0, abs=0.3)
    assert model.values_deg[1, azimuth_zero] == pytest.approx(0.0, abs=0.3)


def test_the_file_says_what_the_fit_rests_on(document):
    head = document["heads"][0]
    assert head["sightings"] == 20
    assert head["zero_rms_deg"] > 10.0 * head["rms_deg"]
    assert head["first_utc"] == "2026-03-20T00:00:00.000000Z"
    assert np.shape(head["covariance_deg2"]) == (8, 8)


def test_a_failed_write_keeps_the_old_file_whole(calibration, tmp_path, monkeypatch):
    path = tmp_path / "calibration.json"
    write_calibration(path, calibration)
    before = path.read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputFailed, match="No space left on device; nothing was written"):
        write_calibration(path, Calibration(epoch="home-8", heads=calibration.heads))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["calibration.json"]


FIRST, SECOND = ("heads", 0), ("heads", 1)


def test_who_reads_while_a_new_one_is_written_sees_the_old_file_whole(calibration, tmp_path):
    path = tmp_path / "calibration.json"
    write_calibration(path, calibration)
    before = path.read_text()
    with path.open() as reader:
        write_calibration(path, Calibration(epoch="home-8", heads=calibration.heads))
        assert reader.read() == before
    assert read_calibration(path, NAMES).epoch == "home-8"


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (
            ("schema",),
            "sunflower-calibration/2",
            "schema: Input should be 'sunflower-calibration/1', not 'sunf",
        ),
        (("epoch",), "", "epoch: String should have at least 1 character"),
        (("note",), "x", "note: Extra inputs are not permitted"),
        (("heads",), [], "heads: List should have at least 1 item"),
        ((*SECOND, "terms_deg", "IQ"), 0.0, "heads[1].terms_deg: unknown pointing term 'IQ'"),
        ((*SECOND, "terms_deg", "IE"), 11.0, "heads[1].terms_deg: IE is 11 deg, past its bound of 10 deg"),
        ((*FIRST, "terms_deg", "IA"), float("nan"), "heads[0].terms_deg.IA: Input should be a finite number"),
        ((*FIRST, "terms_deg", "IA"), "1", "heads[0].terms_deg.IA: Input should be a valid number, not '1'"),
        ((*FIRST, "rms_deg"), float("inf"), "heads[0].rms_deg: Input should be a finite number"),
        ((*FIRST, "sightings"), 0, "heads[0].sightings: Input should be greater than 0, not 0"),
        ((*FIRST, "covariance_deg2"), [[1.0]], "heads[0]: covariance_deg2 must be 8 rows of 8 numbers"),
        ((*FIRST, "covariance_deg2", 0, 1), 9.0, "heads[0]: covariance_deg2 must be symmetric"),
        ((*FIRST, "first_utc"), "2027-01-01T00:00:00Z", "first_utc must not be after last_utc"),
        ((*FIRST, "first_utc"), "2026-01-01T00:00:00", "heads[0].first_utc: Input should have timezone"),
        ((*SECOND, "head"), "H01", "heads H01 are there twice"),
        ((*SECOND, "head"), "H09", "heads: the array has no 'H09'; it has H01, H02, H03"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(document, place, value, says):
    inside = document
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    assert says in refusal(document)


def test_a_missing_field_is_named(document):
    del document["heads"][1]["rms_deg"]
    assert "heads[1].rms_deg: Field required" in refusal(document)


def test_several_mistakes_are_told_at_once(document):
    document["heads"][0]["sightings"] = -1
    document["heads"][1]["terms_deg"]["IE"] = 99.0
    assert {"heads[0].sightings", "heads[1].terms_deg"} <= set(refusal(document).replace(":", " ").split())


def test_broken_json_is_named_by_line(calibration):
    text = format_calibration(calibration).splitlines()
    text[3] = text[3].replace("[", "") + "?"
    with pytest.raises(InvalidInput, match="line 4"):
        parse_calibration("\n".join(text), NAMES, "c.json")
