"""Modules, inverters, dirt and snow in the site file."""

import pytest

from tracker.app.config import check_site_text

NAMED = """
[pv]
module = "Canadian_Solar_Inc__CS6X_305M"
inverter = "ABB: PVI-3.0-OUTD-S-US-A [240V]"
bifaciality = 0.7
soiling_percent = [1, 1, 2, 2, 3, 3, 3, 3, 2, 2, 1, 1]
"""


def test_names_and_months_reach_the_panels(tmp_path):
    check = check_site_text(NAMED, tmp_path)
    assert check.problems == ()
    panels = check.plant.array.panels
    assert panels.module == "Canadian_Solar_Inc__CS6X_305M"
    assert panels.inverter == "ABB: PVI-3.0-OUTD-S-US-A [240V]"
    assert panels.bifaciality == 0.7
    assert panels.soiling_percent == (1, 1, 2, 2, 3, 3, 3, 3, 2, 2, 1, 1)
    assert panels.snow_percent == ()


def test_without_names_rated_values_count(tmp_path):
    panels = check_site_text("", tmp_path).plant.array.panels
    assert (panels.module, panels.inverter, panels.bifaciality) == ("", "", 0.0)
    assert not panels.gets_dirty


def test_models_reach_the_panels(tmp_path):
    text = """[pv]
temperature_model = "noct-sam, 49 C roof mount"
head_temperature_model = "faiman, open rack, wind at its height"
spectral_model = "de soto, single-crystal silicon"
inverter_model = "pvwatts v8"
"""
    check = check_site_text(text, tmp_path)
    assert check.problems == ()
    panels = check.plant.array.panels
    assert panels.temperature_model == "noct-sam, 49 C roof mount"
    assert panels.head_temperature_model == "faiman, open rack, wind at its height"
    assert panels.spectral_model == "de soto, single-crystal silicon"
    assert panels.inverter_model == "pvwatts v8"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('module = "Canadian Solar CS6X-305M"', "line 2: pv.module is not known: module 'Canadian Solar"),
        ('module = "Canadian Solar CS6X-305M"', "nearest: Canadian_Solar_Inc__CS6X_305M, "),
        ('module = "Canadian Solar CS6X-305M"', "sam-library-cec-modules"),
        ('inverter = "ABB 3000"', "line 2: pv.inverter is not known: inverter 'ABB 3000'"),
        (
            'temperature_model = "noct"',
            'give one of "noct-sam, 45 C open rack", "noct-sam, 45 C open rack above',
        ),
        ('spectral_model = "de soto, single crystal"', 'give one of "none", "de soto, single-crystal'),
        (
            'inverter = "ABB__PVI_3_0_OUTD_S_US_A__240V_"\ninverter_model = "pvwatts"',
            "line 3: pv.inverter_model is set and so is pv.inverter, which has its own curve; drop one",
        ),
        ("bifaciality = 70", "pv.bifaciality = 70 is out of range; give 0 to 1"),
        ("soiling_percent = [1.0, 2.0]", "has too few values; give 12 numbers, January first"),
        (f"snow_percent = {[1.0] * 13}", "has too many values; give 12 numbers, January first"),
        (f"snow_percent = {[101.0] * 12}", "is out of range; give 12 numbers, January first, 0 to 100 %"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(tmp_path, text, says):
    told = [str(problem) for problem in check_site_text(f"[pv]\n{text}", tmp_path).problems]
    assert any(says in line for line in told), told
