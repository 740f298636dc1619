import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.pv.soiling import hsu_loss, kimber_loss

AGREEMENT = 1e-6
HOUR_S = 3600.0


@pytest.fixture(scope="module")
def rain():
    """A year of hours with about forty wet days, in hundredths of a millimetre as gauges report."""
    rng = np.random.default_rng(11)
    wet_day = np.repeat(rng.random(365) < 0.11, 24)
    return np.where(wet_day & (rng.random(8760) < 0.4), rng.integers(0, 800, 8760) / 100.0, 0.0)


def _series(values):
    return pd.Series(values, index=pd.date_range("2023-01-01", periods=values.size, freq="h"))


@pytest.mark.parametrize(
    ("ours", "pvlibs"),
    [
        ({}, {}),
        ({"cleaning_mm": 2.0, "grace_days": 3.0}, {"cleaning_threshold": 2.0, "grace_period": 3}),
        ({"loss_a_day": 0.01, "most": 0.2}, {"soiling_loss_rate": 0.01, "max_soiling": 0.2}),
        ({"at_first": 0.1}, {"initial_soiling": 0.1}),
    ],
)
def test_kimber_is_pvlibs(rain, ours, pvlibs):
    oracle = pvlib.soiling.kimber(_series(rain), **pvlibs).to_numpy()
    assert np.max(oracle) > 0.02
    np.testing.assert_allclose(kimber_loss(rain, HOUR_S, **ours), oracle, rtol=AGREEMENT, atol=1e-12)


def test_kimber_washes_are_pvlibs(rain):
    days = pd.to_datetime(["2023-03-01", "2023-07-15"])
    drizzle = rain / 10.0
    series = _series(drizzle)
    ours = kimber_loss(drizzle, HOUR_S, washed=series.index.isin(days))
    oracle = pvlib.soiling.kimber(series, manual_wash_dates=days).to_numpy()
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-12)
    assert np.any(ours < kimber_loss(drizzle, HOUR_S))


@pytest.mark.parametrize("period_h", [1, 24])
def test_hsu_is_pvlibs_on_a_plane_that_moves(rain, period_h):
    rng = np.random.default_rng(12)
    tilt_deg, fine = rng.uniform(0.0, 90.0, rain.size), rng.uniform(0.0, 8e-5, rain.size)
    coarse = fine * rng.uniform(0.8, 3.0, rain.size)
    ours = hsu_loss(
        rain,
        HOUR_S,
        cleaning_mm=3.0,
        tilt_deg=tilt_deg,
        pm2_5_g_m3=fine,
        pm10_g_m3=coarse,
        rain_period_s=period_h * HOUR_S,
    )
    oracle = 1.0 - pvlib.soiling.hsu(
        _series(rain), 3.0, tilt_deg, fine, coarse, rain_accum_period=pd.Timedelta(hours=period_h)
    )
    assert np.max(oracle) > 0.01
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-12)


def test_without_rain_dirt_only_grows_and_stays_below_its_limit():
    dry = np.zeros(8760)
    grown = kimber_loss(dry, HOUR_S)
    assert np.all(np.diff(grown) >= 0.0)
    assert grown[-1] == 0.3
    assert grown[24 * 100] == pytest.approx(0.15)


def test_half_hours_give_what_hours_give(rain):
    halves = np.repeat(rain / 2.0, 2)
    np.testing.assert_allclose(
        kimber_loss(halves, HOUR_S / 2.0)[1::2], kimber_loss(rain, HOUR_S), atol=2.0 * 0.0015 / 24.0
    )
