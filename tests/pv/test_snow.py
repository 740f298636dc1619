import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.pv.snow import covered_loss, snow_cover, townsend_loss

AGREEMENT = 1e-6
HOUR_S = 3600.0


@pytest.fixture(scope="module")
def winter():
    """Two thousand hours: snowfall, light, air temperature, depth, and a tilt that moves."""
    rng = np.random.default_rng(13)
    hours = 2000
    falls = (rng.random(hours) < 0.02) * rng.uniform(0.0, 5.0, hours)
    return {
        "snowfall_cm": falls,
        "poa_w_m2": rng.uniform(0.0, 600.0, hours) * (np.arange(hours) % 24 > 7),
        "temp_air_c": rng.uniform(-20.0, 5.0, hours),
        "tilt_deg": rng.uniform(0.0, 80.0, hours),
        "depth_cm": rng.uniform(0.0, 20.0, hours),
    }


@pytest.mark.filterwarnings("ignore:A future version of pandas")  # pvlib asks it for the step
@pytest.mark.parametrize("with_depth", [False, True])
@pytest.mark.parametrize("at_first", [0.0, 0.7])
def test_cover_is_pvlibs(winter, with_depth, at_first):
    ours = snow_cover(
        winter["snowfall_cm"],
        HOUR_S,
        **{key: winter[key] for key in ("poa_w_m2", "temp_air_c", "tilt_deg")},
        depth_cm=winter["depth_cm"] if with_depth else None,
        at_first=at_first,
    )
    index = pd.date_range("2023-01-01", periods=ours.size, freq="h")
    series = {key: pd.Series(values, index=index) for key, values in winter.items()}
    oracle = pvlib.snow.coverage_nrel(
        series["snowfall_cm"],
        series["poa_w_m2"],
        series["temp_air_c"],
        winter["tilt_deg"],
        snow_depth=series["depth_cm"] if with_depth else None,
        initial_coverage=at_first,
    )
    assert np.sum(ours > 0.0) > 50
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-9)


def test_a_string_is_whole_or_lost_as_in_pvlib():
    cover = np.linspace(0.0, 1.0, 101)
    for strings in (1, 3, 8):
        oracle = pvlib.snow.dc_loss_nrel(cover, strings)
        np.testing.assert_allclose(covered_loss(cover, strings), oracle, rtol=AGREEMENT)


def test_monthly_losses_are_pvlibs():
    months = {
        "snow_cm": np.array([25.4, 25.4, 12.7, 2.54, 0, 0, 0, 0, 0, 10.16, 20.3, 40.0]),
        "events": np.array([2.0, 3, 2, 1, 0, 0, 0, 0, 0, 1, 2, 5]),
        "humidity_percent": np.full(12, 80.0),
        "temp_air_c": np.array([0.0, 1, 4, 9, 14, 19, 22, 21, 16, 10, 4, 1]),
        "poa_wh_m2": np.linspace(3e5, 1.5e5, 12),
    }
    ours = townsend_loss(**months, tilt_deg=35.0, slant_m=2.4, lower_edge_m=0.6, string_factor=0.75)
    oracle = pvlib.snow.loss_townsend(
        months["snow_cm"], months["events"], 35.0, months["humidity_percent"], months["temp_air_c"],
        months["poa_wh_m2"], 2.4, 0.6, string_factor=0.75,
    )  # fmt: skip
    assert ours[0] > 0.02
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-12)


def test_snow_slides_off_a_steep_panel_and_stays_on_a_level_one():
    hours = 48
    falls = np.zeros(hours)
    falls[3] = 5.0
    light, thaw = np.full(hours, 300.0), np.full(hours, 2.0)
    steep = snow_cover(falls, HOUR_S, poa_w_m2=light, temp_air_c=thaw, tilt_deg=90.0)
    level = snow_cover(falls, HOUR_S, poa_w_m2=light, temp_air_c=thaw, tilt_deg=0.0)
    assert steep[3] == 1.0
    assert steep[3 + 6] == 0.0
    assert np.all(level[3:] == 1.0)
