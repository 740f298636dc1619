"""Each format's own label convention, judged by the sun: DHI + DNI cos(zenith) = GHI at the centre."""

from typing import Final

import numpy as np
import pytest

from tracker.weather import read_weather
from tracker.weather.whole.closure import beam_closure, best_shift_s

HALF_HOUR_S: Final = 1800.0
# name, largest |ratio - 1| and rms in W/m2 that the file's own rounding explains, minutes from the centre
MODELLED: Final = [
    ("shenzhen_swera.epw", 0.0005, 1.0, 2.0),
    ("denver_tmy3.epw", 0.0010, 1.5, 2.0),
    ("phoenix_nsrdb_psm3_tmy.csv", 0.0005, 1.0, 2.0),
    ("723170TYA.CSV", 0.0005, 2.0, 2.0),
    ("703165TY.csv", 0.0010, 1.0, 2.0),
    ("12839.tm2", 0.0050, 8.0, 2.0),  # TMY2 holds hours whose three values disagree by design
]


@pytest.mark.parametrize(("name", "ratio", "rms_w_m2", "minutes"), MODELLED)
def test_utc_is_where_the_beam_closes(name, ratio, rms_w_m2, minutes, weather_file, own_site):
    weather = read_weather(weather_file(name))
    closure = beam_closure(weather, own_site(weather))
    assert closure.ratio == pytest.approx(1.0, abs=ratio)
    assert closure.rms_w_m2 < rms_w_m2
    assert abs(best_shift_s(weather, own_site(weather))) < minutes * 60.0


@pytest.mark.parametrize("name", [row[0] for row in MODELLED])
@pytest.mark.parametrize("shift_s", [-HALF_HOUR_S, HALF_HOUR_S])
def test_half_an_hour_off_closes_worse(name, shift_s, weather_file, own_site):
    weather = read_weather(weather_file(name))
    site = own_site(weather)
    assert beam_closure(weather, site, shift_s).rms_w_m2 > 2.0 * beam_closure(weather, site).rms_w_m2


def test_shenzhen_closes_as_its_source_says(weather_file, own_site):
    weather = read_weather(weather_file("shenzhen_swera.epw"))
    site = own_site(weather)
    ratios = [round(beam_closure(weather, site, shift_s).ratio, 3) for shift_s in (-HALF_HOUR_S, HALF_HOUR_S)]
    assert beam_closure(weather, site).ratio == pytest.approx(0.9998, abs=1e-4)
    assert ratios == [0.997, 0.996]


def test_sam_hours_without_minutes_are_means_from_their_label_on(weather_file, own_site):
    """January to March of the file close at the centre; from April on its logger runs 15 min late."""
    weather = read_weather(weather_file("golden_srrl_2020_measured_sam.csv"))
    winter = weather.local_month <= 3
    strong = winter & (weather.dni_w_m2 > 600.0)
    shifts_s = np.arange(-2400.0, 2401.0, 600.0)
    rms = [_rms(weather, own_site(weather), strong, shift_s) for shift_s in shifts_s]
    assert shifts_s[int(np.argmin(rms))] == 0.0


def test_pvgis_instant_is_found_from_the_site_where_the_file_is_silent(weather_file, site_at):
    """The sample is PVGIS 45 N, 8 E, whose head says Irradiance Time Offset 0.1761 h = 634 s."""
    weather = read_weather(weather_file("pvgis_tmy_sample.csv"), site_at(45.0, 8.0, 1389.0))
    offset_s = (weather.utc[0] - np.datetime64("2022-01-01T00:00:00")).astype(int)
    assert offset_s == pytest.approx(634, abs=30)
    assert beam_closure(weather, site_at(45.0, 8.0, 1389.0)).rms_w_m2 < 1.0


def test_pvgis_instant_stated_in_the_head_is_taken(pvgis_tmy_with_head):
    weather = read_weather(pvgis_tmy_with_head)
    assert (weather.utc[0] - np.datetime64("2022-01-01T00:00:00")).astype(int) == 634
    assert (weather.latitude_deg, weather.longitude_deg, weather.altitude_m) == (45.0, 8.0, 1389.0)


def test_pvgis_hourly_stamps_are_the_instants(pvgis_hourly, site_at):
    weather = read_weather(pvgis_hourly)
    assert weather.utc[0] == np.datetime64("2019-01-01T00:10:00")
    assert (weather.kind, weather.utc.size, weather.filled_steps) == ("measured", 8760, 0)
    assert beam_closure(weather, site_at(45.0, 8.0, 200.0)).ratio == pytest.approx(1.0, abs=0.002)


def _rms(weather, site, pick, shift_s):
    from tracker.weather.whole.closure import cos_zenith

    cosine = cos_zenith(weather.utc[pick] + np.timedelta64(int(shift_s), "s"), site)
    residual = weather.dhi_w_m2[pick] + weather.dni_w_m2[pick] * cosine - weather.ghi_w_m2[pick]
    return float(np.sqrt(np.mean(residual**2)))
