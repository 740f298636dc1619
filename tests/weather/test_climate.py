"""The synthetic year against its own table, physics, and the real typical year of the same place."""

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.errors import InvalidWeather
from tracker.sun import sun_position
from tracker.weather import CLIMATES, climate_named, load, read_weather, synthetic_year
from tracker.weather.splitting.erbs import erbs_fraction
from tracker.weather.synthetic.ambient import weibull_shape
from tracker.weather.synthetic.clearness import clear_sky_w_m2

SHENZHEN = CLIMATES["shenzhen"]
SEEDS = [1, 2, 3, 2024]
# Two axes over flat, latitude tilt and best fixed, as computed from the SWERA file.
SWERA_GAINS_PERCENT = (22.0, 17.0, 16.9)


@pytest.fixture(scope="module", params=SEEDS)
def year(request):
    return synthetic_year(SHENZHEN, request.param)


@pytest.fixture
def swera(weather_file):
    return read_weather(weather_file("shenzhen_swera.epw"))


@pytest.fixture
def sine(year, own_site):
    return np.sin(np.radians(sun_position(year.utc, own_site(year)).elevation_deg))


def _monthly(year, values):
    return np.bincount(year.local_month - 1, weights=values)


@pytest.mark.parametrize(
    ("field", "table", "percent"), [("ghi", "ghi", 1.0), ("dhi", "dhi", 1.0), ("dni", "dni", 4.0)]
)
def test_monthly_insolation_is_the_tables(year, field, table, percent):
    got = _monthly(year, getattr(year, f"{field}_w_m2")) / 1000.0
    assert got == pytest.approx(getattr(SHENZHEN, f"{table}_kwh_m2"), rel=percent / 100.0)


def test_beam_closes_in_every_hour(year, sine):
    modelled = year.dhi_w_m2 + year.dni_w_m2 * np.maximum(sine, 0.0)
    assert modelled == pytest.approx(year.ghi_w_m2, abs=1e-9)


def test_no_light_below_the_horizon_and_none_above_a_clear_sky(year, sine):
    night = sine <= 0.0
    for light in (year.ghi_w_m2, year.dhi_w_m2, year.dni_w_m2):
        assert np.all(light[night] == 0.0)
        assert np.all(light >= 0.0)
    assert np.all(year.ghi_w_m2 <= clear_sky_w_m2(sine) + 1e-9)
    assert np.all(year.dhi_w_m2 <= year.ghi_w_m2 + 1e-9)
    assert 800.0 < year.dni_w_m2.max() < 1000.0  # SWERA 892


def test_the_year_is_whole_and_hourly_around_local_half_hours(year):
    assert year.utc.size == 8760
    assert year.utc[0] == np.datetime64("2021-12-31T16:30:00")
    assert np.all(np.diff(year.utc) == np.timedelta64(3600, "s"))
    assert (year.kind, year.source, year.filled_steps) == ("synthetic year", "climate:shenzhen", 0)


def test_a_seed_gives_the_same_year_and_another_seed_another():
    fields = ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s")
    first, again, other = (synthetic_year(SHENZHEN, seed) for seed in (7, 7, 8))
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in fields)
    assert not any(np.array_equal(getattr(first, name), getattr(other, name)) for name in fields)


def test_tracking_gains_are_those_of_the_real_typical_year(year):
    assert _two_axis_gains_percent(year) == pytest.approx(SWERA_GAINS_PERCENT, abs=2.5)


def test_the_gain_computation_gives_the_published_figures_on_the_real_year(swera):
    assert _two_axis_gains_percent(swera) == pytest.approx(SWERA_GAINS_PERCENT, abs=0.5)


def test_days_vary_as_in_the_real_typical_year(year, swera):
    """SWERA: scatter of Kt 0.121, correlation of days 0.44, 18 clear days and 128 overcast ones."""
    ours, theirs = _days(year), _days(swera)
    assert ours["kt"].mean() == pytest.approx(theirs["kt"].mean(), abs=0.005)
    assert ours["kt"].std() == pytest.approx(theirs["kt"].std(), abs=0.01)
    assert ours["kt"].autocorr(1) == pytest.approx(theirs["kt"].autocorr(1), abs=0.15)
    assert ours["kd"].std() == pytest.approx(theirs["kd"].std(), abs=0.03)
    assert _clear(theirs) == 18
    assert _overcast(theirs) == 128
    assert 8 <= _clear(ours) <= 30
    assert 95 <= _overcast(ours) <= 150


def test_hours_vary_within_days_as_in_the_real_typical_year(year, swera):
    assert _hourly_scatter(year) == pytest.approx(_hourly_scatter(swera), abs=0.02)


def test_temperature_has_the_monthly_means_and_the_real_daily_cycle(year, swera):
    means = _monthly(year, year.temp_air_c) / np.bincount(year.local_month - 1)
    assert means == pytest.approx(SHENZHEN.temp_air_c, abs=1e-9)
    ours, theirs = _by_hour(year, year.temp_air_c), _by_hour(swera, swera.temp_air_c)
    assert np.ptp(ours) == pytest.approx(np.ptp(theirs), abs=1.0)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.95
    assert year.temp_air_c.std() == pytest.approx(swera.temp_air_c.std(), abs=0.7)


def test_wind_has_the_monthly_means_and_the_real_storms(year, swera):
    means = _monthly(year, year.wind_speed_m_s) / np.bincount(year.local_month - 1)
    assert means == pytest.approx(SHENZHEN.wind_speed_m_s, rel=0.01)
    assert (swera.wind_speed_m_s > 9.0).sum() == 29
    assert 15 <= (year.wind_speed_m_s > 9.0).sum() <= 60
    assert 12.0 < year.wind_speed_m_s.max() < 22.0
    lag1 = pd.Series(year.wind_speed_m_s).autocorr(1)
    assert lag1 == pytest.approx(pd.Series(swera.wind_speed_m_s).autocorr(1), abs=0.06)
    ours, theirs = _by_hour(year, year.wind_speed_m_s), _by_hour(swera, swera.wind_speed_m_s)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.8


def test_pressure_is_the_standard_atmospheres(year):
    assert year.pressure_pa == pytest.approx(101325.0 * (1.0 - 2.25577e-5 * 18.0) ** 5.25588, rel=1e-4)


def test_erbs_fraction_is_pvlibs():
    clearness = np.linspace(0.0, 1.0, 101)
    zenith_deg = np.full(101, 60.0)
    extra_w_m2 = pvlib.irradiance.get_extra_radiation(80)
    oracle = pvlib.irradiance.erbs(clearness * extra_w_m2 * 0.5, zenith_deg, 80)
    got = erbs_fraction(clearness[1:]) * clearness[1:] * extra_w_m2 * 0.5
    assert got == pytest.approx(oracle["dhi"][1:], rel=1e-9)


def test_clear_sky_is_pvlibs_haurwitz():
    zenith_deg = np.linspace(0.0, 89.0, 90)
    oracle = pvlib.clearsky.haurwitz(pd.Series(zenith_deg))["ghi"].to_numpy()
    assert clear_sky_w_m2(np.cos(np.radians(zenith_deg))) == pytest.approx(oracle, rel=1e-9, abs=1e-9)
    assert clear_sky_w_m2(np.array([-0.5, 0.0])).tolist() == [0.0, 0.0]


def test_weibull_shape_one_is_the_exponential_and_two_is_rayleigh():
    assert weibull_shape(1.0) == pytest.approx(1.0)
    assert weibull_shape(np.sqrt(4.0 / np.pi - 1.0)) == pytest.approx(2.0)


def test_an_unknown_climate_names_the_nearest_and_all(tmp_path):
    with pytest.raises(InvalidWeather, match=r"climate:shenzen: .* is climate:shenzhen, known are"):
        load("climate:shenzen", tmp_path)
    with pytest.raises(InvalidWeather, match="climate:shenzhen"):
        climate_named("")


def test_load_takes_a_climate_by_its_name(tmp_path):
    assert load("climate:shenzhen", tmp_path).source == "climate:shenzhen"


def _two_axis_gains_percent(year):
    """Sun-facing over flat, 22.61 and 20 deg south; Perez, albedo 0.2, all by pvlib."""
    times = pd.DatetimeIndex(year.utc).tz_localize("UTC")
    sun = pvlib.solarposition.get_solarposition(
        times, year.latitude_deg, year.longitude_deg, altitude=year.altitude_m
    )
    extra = pvlib.irradiance.get_extra_radiation(times.day_of_year.to_numpy())
    airmass = pvlib.atmosphere.get_relative_airmass(sun["apparent_zenith"])

    def poa(tilt_deg, azimuth_deg):
        plane = pvlib.irradiance.get_total_irradiance(
            tilt_deg,
            azimuth_deg,
            sun["apparent_zenith"],
            sun["azimuth"],
            year.dni_w_m2,
            year.ghi_w_m2,
            year.dhi_w_m2,
            dni_extra=extra,
            airmass=airmass,
            albedo=0.2,
            model="perez",
            model_perez="allsitescomposite1990",
        )
        return plane["poa_global"].fillna(0.0).sum()

    facing = poa(sun["apparent_zenith"].clip(0.0, 90.0), sun["azimuth"])
    return [100.0 * (facing / poa(tilt_deg, 180.0) - 1.0) for tilt_deg in (0.0, 22.61, 20.0)]


def _extraterrestrial(year):
    times = pd.DatetimeIndex(year.utc).tz_localize("UTC")
    sun = pvlib.solarposition.get_solarposition(times, year.latitude_deg, year.longitude_deg)
    sine = np.sin(np.radians(sun["elevation"])).clip(lower=0.0).to_numpy()
    return pvlib.irradiance.get_extra_radiation(times.day_of_year.to_numpy()) * sine


def _days(year):
    hourly = (year.ghi_w_m2, year.dhi_w_m2, _extraterrestrial(year))
    ghi, dhi, extra = (values.reshape(-1, 24).sum(axis=1) for values in hourly)
    return pd.DataFrame({"kt": ghi / extra, "kd": dhi / ghi})


def _hourly_scatter(year):
    extra = _extraterrestrial(year)
    high = extra > 100.0
    return float(np.std((year.ghi_w_m2[high] / extra[high]) - np.repeat(_days(year)["kt"], 24)[high]))


def _clear(days):
    return int(((days["kd"] < 0.30) & (days["kt"] > 0.60)).sum())


def _overcast(days):
    return int((days["kd"] > 0.8).sum())


def _by_hour(year, values):
    return np.bincount(year.local_hour, weights=values) / np.bincount(year.local_hour)
