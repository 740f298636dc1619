"""Light and module temperature measured in the plane: the ratios of IEC 61724-1, and the model's bias."""

from dataclasses import replace

import numpy as np
import pvlib
import pytest
from pvanalytics.metrics import performance_ratio_nrel

from tracker.errors import InvalidInput
from tracker.pv import Models
from tracker.study import compare, to_json_dict
from tracker.study.metering.metered import Metered
from tracker.study.mountings.held import held_yield
from tracker.study.setting import setting_of

KWP, GAMMA = 10.0, -0.0037
EXACT = 1e-9
HALF_HOUR = np.timedelta64(1800, "s")
SPRING = slice(24 * 59, 24 * 151)  # March to May, local
BIASED = 1.04  # sensors that read more than the model says


@pytest.fixture(scope="module")
def weather(weather_of):
    return weather_of("shenzhen")


@pytest.fixture(scope="module")
def plant(plant_of, weather):
    return plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")


@pytest.fixture(scope="module")
def year(comparison_of):
    return comparison_of("shenzhen", mountings=("flat", "two_axis_sun_facing"), claim_over="flat")


@pytest.fixture(scope="module")
def plane_w_m2(plant, weather, year):
    """The model's own light in the plane of the flat row, hour by hour."""
    setting = setting_of(plant, weather, Models())
    return setting.daylight.whole(held_yield(setting, year.result("flat").orientation).poa_w_m2)


@pytest.fixture(scope="module")
def back_c(weather, plane_w_m2):
    return pvlib.temperature.sapm_module(
        plane_w_m2, weather.temp_air_c, weather.wind_speed_m_s, a=-3.56, b=-0.075
    )


@pytest.fixture(scope="module")
def metered(weather, year):
    utc = weather.utc[SPRING]
    return Metered(
        source="meter.csv",
        start_utc=utc - HALF_HOUR,
        end_utc=utc + HALF_HOUR,
        energy_kwh=0.9 * year.result("flat").net_wh[SPRING] / 1000.0,
        missing_intervals=0,
    )


@pytest.fixture(scope="module")
def light_of(plant, weather):
    def find(metered, weather=weather):
        return compare(plant, weather, metered=metered, metered_row="flat").production.light

    return find


def test_without_measured_light_nothing_is_said_of_it(light_of, metered):
    assert light_of(metered) is None


def test_the_ratios_are_those_of_the_standard(light_of, metered, plane_w_m2, back_c):
    poa, temp_c = BIASED * plane_w_m2[SPRING], back_c[SPRING]
    light = light_of(replace(metered, poa_w_m2=poa, temp_module_c=temp_c))
    energy_kwh, light_h = metered.energy_kwh.sum(), poa / 1000.0
    whole = light.whole
    assert (light.source, light.module_temperature, whole.hours) == ("meter", True, poa.size)
    assert whole.poa_kwh_m2 == pytest.approx(light_h.sum(), rel=EXACT)
    assert whole.performance_ratio == pytest.approx(energy_kwh / KWP / light_h.sum(), rel=EXACT)
    corrected_h = light_h * (1.0 + GAMMA * (temp_c - 25.0))
    assert whole.performance_ratio_25c == pytest.approx(energy_kwh / KWP / corrected_h.sum(), rel=EXACT)
    assert whole.modelled_over_measured_percent == pytest.approx(100.0 * (1.0 / BIASED - 1.0), rel=EXACT)
    assert [month.name for month in light.months] == ["2022-03", "2022-04", "2022-05"]
    assert sum(month.poa_kwh_m2 for month in light.months) == pytest.approx(whole.poa_kwh_m2, rel=EXACT)


def test_the_corrected_ratio_is_pvanalytics_where_its_mean_is_25_c(light_of, metered, weather, plane_w_m2):
    """NREL's ratio corrects to the mean temperature of the cells; air that makes it 25 C makes both one."""
    poa, wind = plane_w_m2[SPRING], weather.wind_speed_m_s[SPRING]
    cells = pvlib.temperature.sapm_cell(poa, weather.temp_air_c[SPRING], wind, -3.56, -0.075, 3.0)
    air_c = weather.temp_air_c[SPRING] + 25.0 - (cells * poa).sum() / poa.sum()
    cells = pvlib.temperature.sapm_cell(poa, air_c, wind, -3.56, -0.075, 3.0)
    wanted = performance_ratio_nrel(poa, air_c, wind, metered.energy_kwh, KWP, gamma_pdc=GAMMA)
    light = light_of(replace(metered, poa_w_m2=poa, temp_module_c=cells))
    assert light.whole.performance_ratio_25c == pytest.approx(wanted, rel=EXACT)


def test_the_weathers_plane_serves_where_the_meter_has_none(light_of, metered, weather, plane_w_m2, back_c):
    lit = plane_w_m2 > 0.0
    asleep = np.where(lit, BIASED * plane_w_m2, np.nan)  # a logger that sleeps at night
    given = replace(weather, poa_w_m2=asleep, temp_module_c=np.where(lit, back_c, np.nan))
    light = light_of(metered, given)
    same = light_of(replace(metered, poa_w_m2=BIASED * plane_w_m2[SPRING], temp_module_c=back_c[SPRING]))
    assert light.source == "weather"
    assert light.whole.hours == metered.energy_kwh.size
    assert light.whole.performance_ratio == pytest.approx(same.whole.performance_ratio, rel=EXACT)
    assert light.whole.performance_ratio_25c == pytest.approx(same.whole.performance_ratio_25c, rel=EXACT)
    other = light_of(replace(metered, poa_w_m2=plane_w_m2[SPRING]), given)
    assert (other.source, other.module_temperature) == ("meter", False)
    assert other.whole.performance_ratio_25c is None


def test_a_logger_that_sleeps_at_night_serves_a_meter_that_counts_days(
    light_of, metered, weather, plane_w_m2, back_c
):
    """The night is within the day's one interval, so its unknown light must not make the day's unknown."""
    lit = plane_w_m2 > 0.0
    asleep = replace(
        weather,
        poa_w_m2=np.where(lit, BIASED * plane_w_m2, np.nan),
        temp_module_c=np.where(lit, back_c, np.nan),
    )
    daily = replace(
        metered,
        start_utc=metered.start_utc[::24],
        end_utc=metered.end_utc[23::24],
        energy_kwh=metered.energy_kwh.reshape(-1, 24).sum(axis=1),
    )
    hourly, whole = light_of(metered, asleep).whole, light_of(daily, asleep).whole
    assert whole.hours == hourly.hours == metered.energy_kwh.size
    assert whole.poa_kwh_m2 == pytest.approx(BIASED * plane_w_m2[SPRING].sum() / 1000.0, rel=EXACT)
    assert whole.performance_ratio_25c == pytest.approx(hourly.performance_ratio_25c, rel=EXACT)


def test_what_was_not_measured_counts_on_neither_side(light_of, metered, plane_w_m2, back_c):
    noons = np.flatnonzero(plane_w_m2[SPRING] > 500.0)
    poa, temp_c = BIASED * plane_w_m2[SPRING], back_c[SPRING].copy()
    poa[noons[:40]], temp_c[noons[30:60]] = np.nan, np.nan
    whole = light_of(replace(metered, poa_w_m2=poa, temp_module_c=temp_c)).whole
    known = np.ones(poa.size, dtype=bool)
    known[noons[:60]] = False
    assert whole.hours == known.sum()
    assert whole.measured_kwh == pytest.approx(metered.energy_kwh[known].sum(), rel=EXACT)
    assert whole.modelled_over_measured_percent == pytest.approx(100.0 * (1.0 / BIASED - 1.0), rel=EXACT)


def test_quarter_hours_of_light_are_hours_of_the_weather(light_of, metered, plane_w_m2):
    quarter = np.timedelta64(900, "s")
    start = (metered.start_utc[:, None] + np.arange(4) * quarter).ravel()
    uneven = np.array([0.4, 0.8, 1.2, 1.6])
    fine = Metered(
        source="meter.csv",
        start_utc=start,
        end_utc=start + quarter,
        energy_kwh=np.repeat(metered.energy_kwh / 4.0, 4),
        missing_intervals=0,
        poa_w_m2=(plane_w_m2[SPRING, None] * uneven).ravel(),
    )
    whole = light_of(fine).whole
    assert whole.modelled_over_measured_percent == pytest.approx(0.0, abs=1e-9)
    assert whole.hours == metered.energy_kwh.size


def test_the_document_and_the_sentence_name_which_light_it_is(plant, weather, metered, plane_w_m2, back_c):
    given = replace(metered, poa_w_m2=BIASED * plane_w_m2[SPRING], temp_module_c=back_c[SPRING])
    said = to_json_dict(compare(plant, weather, metered=given, metered_row="flat"))["production"]
    light = said["light"]
    assert light["whole"]["performance_ratio"] == pytest.approx(said["whole"]["performance_ratio"] / BIASED)
    assert "measured (the meter's file) in 2,208 of 2,208 h" in light["says"]
    assert "the model's light is 3.8 % below it" in light["says"]
    assert "by measured module temperature" in light["says"]


@pytest.mark.parametrize("where", ["meter", "weather"])
def test_light_in_kilowatts_is_refused_by_its_sum(plant, weather, metered, plane_w_m2, where):
    kilowatts = plane_w_m2 / 1000.0
    if where == "meter":
        metered = replace(metered, poa_w_m2=kilowatts[SPRING])
    else:
        weather = replace(weather, poa_w_m2=kilowatts)
    with pytest.raises(InvalidInput, match=r"kWh/m2 in all, the model's .* may be kW/m2; give poa_global"):
        compare(plant, weather, metered=metered, metered_row="flat")
