"""Beam and diffuse from global light: against pvlib, the published model, and what was measured."""

import warnings

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.weather import read_weather
from tracker.weather.reading import Reading
from tracker.weather.splitting.decomposition import MODELS, Air, beam_w_m2
from tracker.weather.splitting.engerer import clear_sky_w_m2, diffuse_fraction
from tracker.weather.splitting.sunlight import sunlight

GOLDEN = "golden_srrl_2020_measured_sam.csv"
PHOENIX = "phoenix_nsrdb_psm3_tmy.csv"


@pytest.fixture
def phoenix(weather_file, own_site):
    weather = read_weather(weather_file(PHOENIX))
    return weather, sunlight(weather.utc, weather.step_s, own_site(weather))


def _air(weather):
    return Air(pressure_pa=weather.pressure_pa, dew_point_c=np.full(weather.utc.size, np.nan))


def _pvlibs(weather, sun, model):
    times = pd.DatetimeIndex(weather.utc).tz_localize("UTC")
    zenith_deg = pd.Series(np.degrees(np.arccos(sun.cos_zenith)), index=times)
    ghi = pd.Series(weather.ghi_w_m2, index=times)
    if model == "erbs":
        return pvlib.irradiance.erbs(ghi, zenith_deg, times.day_of_year)["dni"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pvlib's own, under pandas 3
        return _dirint(weather, ghi, zenith_deg, times)


def _dirint(weather, ghi, zenith_deg, times):
    return (
        pvlib.irradiance.dirint(ghi, zenith_deg, times, pressure=weather.pressure_pa).fillna(0.0).to_numpy()
    )


@pytest.mark.parametrize("model", ["erbs", "dirint"])
def test_erbs_and_dirint_are_pvlibs_within_what_global_light_leaves(model, phoenix):
    weather, sun = phoenix
    got = beam_w_m2(weather.ghi_w_m2, sun, _air(weather), model)
    oracle = _pvlibs(weather, sun, model)
    possible = oracle * sun.cos_zenith <= weather.ghi_w_m2
    day = sun.cos_zenith > np.cos(np.radians(87.0))
    assert possible.mean() > 0.99
    assert got[possible & day] == pytest.approx(oracle[possible & day], rel=1e-9, abs=1e-9)
    assert np.all(got[~day] == 0.0)


def test_engerer2_gives_the_published_formula_worked_by_hand():
    """Hourly, sun at 60 deg from the zenith, 10 h, day 80, GHI 400 W/m2; every term worked out apart."""
    extra, cosine, day = 1366.1, 0.5, 80.0
    summer = np.sin(np.radians(360.0 / 365.0 * (day - 100.0)))
    beam = (1160.0 + 75.0 * np.sin(np.radians(360.0 / 365.0 * (day - 275.0)))) * np.exp(
        -(0.174 + 0.035 * summer) / cosine
    )
    clear = beam * cosine + (0.095 + 0.04 * summer) * beam
    kt = 400.0 / (extra * cosine)
    exponent = (
        -5.3169 + 8.5084 * kt + 0.013241 * 10.0 + 0.0074356 * 60.0 - 3.0329 * (clear / (extra * cosine) - kt)
    )
    by_hand = -0.0097539 + 1.0097539 / (1.0 + np.exp(exponent))
    arrays = [np.array([value]) for value in (400.0, extra, cosine, day, 10.0)]
    assert diffuse_fraction(*arrays, 3600.0) == pytest.approx([by_hand], rel=1e-9)
    assert clear_sky_w_m2(arrays[2], arrays[3]) == pytest.approx([clear], rel=1e-9)


def test_engerer2_takes_light_above_the_clear_sky_for_clouds_that_brighten():
    sky = [np.array([value]) for value in (1366.1, 0.5, 80.0, 10.0)]
    clear = clear_sky_w_m2(sky[1], sky[2])
    at, above = (diffuse_fraction(ghi, *sky, 60.0) for ghi in (clear, clear * 2.0))
    assert above > at


@pytest.mark.parametrize(
    ("step_s", "like_s"), [(120.0, 60.0), (300.0, 300.0), (1200.0, 900.0), (3000.0, 3600.0)]
)
def test_engerer2_takes_the_coefficients_of_the_nearest_step(step_s, like_s):
    sky = [np.array([value]) for value in (400.0, 1366.1, 0.5, 80.0, 10.0)]
    assert diffuse_fraction(*sky, step_s) == diffuse_fraction(*sky, like_s)


@pytest.mark.parametrize("model", MODELS)
def test_beam_is_never_more_than_the_sun_or_the_global_light(model, phoenix):
    weather, sun = phoenix
    for ghi in (weather.ghi_w_m2, 1.4 * weather.ghi_w_m2):
        dni = beam_w_m2(ghi, sun, _air(weather), model)
        assert np.all((dni >= 0.0) & (dni <= sun.extra_normal_w_m2))
        assert np.all(dni * np.maximum(sun.cos_zenith, 0.0) <= ghi + 1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_unknown_light_stays_unknown_and_spoils_no_other_day(model, phoenix):
    weather, sun = phoenix
    holed = weather.ghi_w_m2.copy()
    holed[4000] = np.nan
    got, whole = (beam_w_m2(ghi, sun, _air(weather), model) for ghi in (holed, weather.ghi_w_m2))
    assert np.flatnonzero(np.isnan(got)).tolist() == [4000]
    far = np.abs(np.arange(got.size) - 4000) > 1  # DIRINT looks at the steps beside
    assert np.array_equal(got[far], whole[far])


@pytest.mark.parametrize(
    ("model", "percent", "rms_w_m2"),
    [("erbs", -3.1, 155.0), ("dirint", -7.5, 122.0), ("engerer2", -4.3, 142.0)],
)
def test_measured_beam_of_golden_is_met_as_the_decision_record_says(
    model, percent, rms_w_m2, damaged, weather_file
):
    measured = read_weather(weather_file(GOLDEN))
    modelled = read_weather(damaged(GOLDEN, _global_only), reading=Reading(decomposition=model))
    assert modelled.decomposition == model
    assert modelled.counts.decomposed > 4000
    assert 100.0 * (modelled.dni_w_m2.sum() / measured.dni_w_m2.sum() - 1.0) == pytest.approx(
        percent, abs=0.5
    )
    up = measured.ghi_w_m2 > 20.0
    rms = np.sqrt(np.mean((modelled.dni_w_m2 - measured.dni_w_m2)[up] ** 2))
    assert rms == pytest.approx(rms_w_m2, rel=0.1)


def test_nothing_is_decomposed_where_all_is_given(weather_file):
    weather = read_weather(weather_file(PHOENIX), reading=Reading(decomposition="engerer2"))
    assert weather.decomposition == "none: beam and diffuse as given"
    assert weather.counts.decomposed == 0


@pytest.mark.parametrize(("name", "field"), [("DNI", "dni_w_m2"), ("DHI", "dhi_w_m2")])
def test_one_that_is_missing_follows_from_closure_and_needs_no_model(
    name, field, damaged, weather_file, own_site
):
    whole = read_weather(weather_file(PHOENIX))
    closed = read_weather(damaged(PHOENIX, lambda lines: _without(lines, [name])))
    assert closed.decomposition == whole.decomposition
    assert closed.counts.closed > 4000
    cosine = np.maximum(sunlight(whole.utc, whole.step_s, own_site(whole)).cos_zenith, 0.0)
    horizontal = np.where(cosine > 0.1, cosine if field == "dni_w_m2" else 1.0, 0.0)
    off_w_m2 = (getattr(closed, field) - getattr(whole, field)) * horizontal
    assert np.abs(off_w_m2).max() < 3.0  # the file's three values are whole W/m2
    assert getattr(closed, field).sum() == pytest.approx(getattr(whole, field).sum(), rel=6e-3)


def _global_only(lines):
    return _without(lines, ["DNI", "DHI"])


def _without(lines, names):
    header = lines[2].split(",")
    drop = {header.index(name) for name in names}
    keep = [i for i in range(len(header)) if i not in drop]
    return [*lines[:2], *(",".join(line.split(",")[i] for i in keep) for line in lines[2:])]
