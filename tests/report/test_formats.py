import math

import pytest

from tracker.report.document import Mounting
from tracker.report.formats import decimals_for, number, typeset
from tracker.report.labels import mounting, plane, toward


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "text"),
    [
        (1234.56, 1, False, "1,234.6"),
        (-1234.56, 0, False, "−1,235"),
        (0.04, 1, True, "0.0"),
        (-0.04, 1, True, "0.0"),
        (14.2, 1, True, "+14.2"),
        (None, 1, False, "–"),
        (math.nan, 1, False, "–"),
        (math.inf, 0, True, "–"),
    ],
)
def test_numbers_are_grouped_signed_and_never_invented(value, decimals, sign, text):
    assert number(value, decimals, sign=sign) == text


def test_a_column_has_one_number_of_decimals():
    assert decimals_for([0.5, 999.0, None, math.nan]) == 1
    assert decimals_for([0.5, -1000.0]) == 0


def test_typesetting_touches_signs_degrees_and_units_only():
    text = "Fixed wins: -2.3 % at 20 deg south - sun-facing, 2026-03-20, 12 m/s"
    wanted = "Fixed wins: −2.3\u00a0% at 20° south – sun-facing, 2026-03-20, 12\u00a0m/s"
    assert typeset(text) == wanted


@pytest.mark.parametrize(
    ("azimuth_deg", "text"), [(180.0, "south"), (0.0, "north"), (359.8, "north"), (192.0, "toward 192 deg")]
)
def test_azimuths_are_named_where_they_have_a_name(azimuth_deg, text):
    assert toward(azimuth_deg) == text


def test_a_level_or_moving_plane_has_no_direction():
    row = Mounting(
        name="flat",
        poa_kwh_m2=1.0,
        ac_kwh=1.0,
        ac_kwh_per_kwp=1.0,
        drive_kwh=0.0,
        net_kwh=1.0,
        net_kwh_per_m2_land=None,
        steps=(),
        monthly_kwh=(0.0,) * 12,
        tilt_deg=0.0,
        azimuth_deg=180.0,
    )
    assert plane(row) == ""
    assert plane(row.model_copy(update={"tilt_deg": None})) == ""
    assert plane(row.model_copy(update={"tilt_deg": 20.5})) == "20.5 deg south"


def test_a_mounting_nobody_knows_keeps_its_name():
    assert mounting("my_own_rack") == "my own rack"
