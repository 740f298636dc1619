import numpy as np
import pytest

from tracker.errors import InvalidInput, InvalidWeather
from tracker.study.sweeps.grid import grid_places, parse_grid
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.site_weather import weather_at
from tracker.sun import sun_position
from tracker.weather.synthetic.climate import synthetic_year
from tracker.weather.synthetic.climates import SHENZHEN

MONTHLY_PERCENT = (
    0.5  # a synthetic month meets its table to the rounding, a moved one to the clear sky's steps
)


def at(weather, latitude_deg, longitude_deg, altitude_m=18.0):
    place = Place(
        name="here",
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_m=altitude_m,
        timezone="",
        weather=weather,
    )
    return weather_at(place, None), place


def test_a_grid_has_every_pair_ends_included():
    grid = parse_grid("22:23:0.5,113:114.2:0.6")
    np.testing.assert_allclose(grid.latitude_deg, [22.0, 22.5, 23.0])
    np.testing.assert_allclose(grid.longitude_deg, [113.0, 113.6, 114.2])
    places = grid_places(grid, "clear-sky")
    assert [place.name for place in places[:2]] == ["22N 113E", "22N 113.6E"]
    assert len({place.name for place in places}) == 9


def test_altitudes_are_those_of_the_land():
    tibet, sea = (
        grid_places(parse_grid(text), "clear-sky")[0] for text in ("30:30:1,91:91:1", "18:18:1,115:115:1")
    )
    assert tibet.altitude_m > 3500.0
    assert sea.altitude_m == 0.0


@pytest.mark.parametrize(
    "text",
    ["22:23:0.5", "22:23,113:114", "23:22:1,113:114:1", "22:23:0,1:2:1", "80:95:1,0:1:1", "a:b:c,1:2:1"],
)
def test_what_is_no_grid_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput, match=r"FROM:TO:STEP|correct it"):
        parse_grid(text)


def test_too_many_places_are_refused():
    with pytest.raises(InvalidInput, match="widen the step"):
        parse_grid("-60:60:0.1,-180:180:0.1")


def test_a_clear_sky_closes_and_is_brighter_than_any_climate():
    weather, place = at("clear-sky", 22.55, 114.1)
    sine = np.sin(np.radians(sun_position(weather.utc, place.site(0.2)).elevation_deg))
    closed = weather.dhi_w_m2 + weather.dni_w_m2 * np.maximum(sine, 0.0)
    assert np.sum(np.abs(closed - weather.ghi_w_m2)) < 0.01 * np.sum(weather.ghi_w_m2)
    assert weather.energy_kwh_m2(weather.ghi_w_m2) > 1.3 * sum(SHENZHEN.ghi_kwh_m2)
    assert weather.kind == "clear sky"


def test_a_climate_moved_nowhere_is_itself():
    moved, _ = at("moved-climate:shenzhen", SHENZHEN.latitude_deg, SHENZHEN.longitude_deg)
    own = synthetic_year(SHENZHEN)
    np.testing.assert_allclose(moved.ghi_w_m2, own.ghi_w_m2, atol=1e-6)
    np.testing.assert_allclose(moved.temp_air_c, own.temp_air_c, atol=1e-9)


def test_a_climate_moved_uphill_and_north_gets_cooler_and_keeps_its_clouds():
    moved, place = at("moved-climate:shenzhen", 25.0, 114.1, altitude_m=1018.0)
    assert np.mean(moved.temp_air_c) == pytest.approx(np.mean(SHENZHEN.temp_air_c) - 6.5, abs=0.3)
    here, _ = at("clear-sky", 25.0, 114.1, altitude_m=1018.0)
    there, _ = at("clear-sky", SHENZHEN.latitude_deg, SHENZHEN.longitude_deg)
    share = [
        np.bincount(weather.local_month - 1, weights=weather.ghi_w_m2) for weather in (moved, here, there)
    ]
    own = np.array(SHENZHEN.ghi_kwh_m2) * 1000.0
    np.testing.assert_allclose(share[0] / share[1], own / share[2], rtol=MONTHLY_PERCENT / 100.0)
    assert "moved 272 km" in moved.source
    assert moved.latitude_deg == place.latitude_deg


def test_a_climate_is_not_moved_to_another_continent():
    with pytest.raises(InvalidWeather, match="clear-sky"):
        at("moved-climate:shenzhen", 48.0, 11.0)
