from dataclasses import replace

import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.pv import Models, daylight_of, yield_of
from tracker.sun import sun_position

LEVEL = np.array([0.0, 0.0, 1.0])


def test_nothing_is_yielded_while_the_sun_is_down(weather, sun, site, head, panels, planes):
    daylight = daylight_of(weather, sun, site, Models())
    result = yield_of(planes.normal_enu, daylight, head, panels)
    night = sun.apparent_elevation_deg <= 0.0
    assert 100 < np.sum(night) < weather.utc.size
    assert np.all(result.ac_w[night] == 0.0)
    assert np.sum(result.ac_w > 0.0) > 100
    for name in ("poa_w_m2", "after_incidence_w", "after_temperature_w", "after_system_w"):
        by_day = getattr(result, name)
        assert by_day.shape == (np.sum(~night),), name
        np.testing.assert_array_equal(daylight.whole(by_day)[~night], by_day)


def test_the_array_is_its_intervals_one_by_one(weather, sun, site, head, panels, planes):
    daylight = daylight_of(weather, sun, site, Models())
    whole = yield_of(planes.normal_enu, daylight, head, panels).ac_w
    for t in range(0, weather.utc.size, 37):
        fixed = yield_of(planes.normal_enu[t], daylight, head, panels).ac_w
        assert fixed[t] == pytest.approx(whole[t], abs=1e-9)


def test_an_even_sky_without_beam_favours_the_level_plane(weather, sun, site, head, panels):
    overcast = replace(weather, dni_w_m2=np.zeros(weather.utc.size), ghi_w_m2=weather.dhi_w_m2)
    daylight = daylight_of(overcast, sun, site, Models(transposition="isotropic"))
    level = yield_of(LEVEL, daylight, head, panels).poa_w_m2
    np.testing.assert_allclose(level, weather.dhi_w_m2[daylight.up])
    tracked = yield_of(sun.direction_enu, daylight, head, panels).poa_w_m2
    view = (1.0 + sun.direction_enu[:, 2]) / 2.0 + site.albedo * (1.0 - sun.direction_enu[:, 2]) / 2.0
    np.testing.assert_allclose(tracked, level * view[daylight.up])
    assert np.sum(tracked) < np.sum(level)


def test_a_beam_alone_follows_the_cosine(weather, sun, site, head, panels, planes):
    zeros = np.zeros(weather.utc.size)
    clear = replace(weather, dhi_w_m2=zeros, ghi_w_m2=zeros)
    daylight = daylight_of(clear, sun, site, Models())
    result = yield_of(planes.normal_enu, daylight, head, panels)
    cosine = np.sum(planes.normal_enu * sun.direction_enu, axis=-1)
    expected = weather.dni_w_m2 * np.maximum(cosine, 0.0)
    np.testing.assert_allclose(result.poa_w_m2, expected[daylight.up], atol=1e-9)


def test_no_light_at_all_gives_zeros_and_no_nan(weather, sun, site, head, panels, planes):
    zeros = np.zeros(weather.utc.size)
    dark = replace(weather, dni_w_m2=zeros, dhi_w_m2=zeros, ghi_w_m2=zeros)
    result = yield_of(planes.normal_enu, daylight_of(dark, sun, site, Models()), head, panels)
    assert np.all(result.ac_w == 0.0)
    assert np.all(result.poa_w_m2 == 0.0)


def test_turning_the_panel_away_from_the_sun_leaves_no_beam(weather, sun, site, head, panels):
    daylight = daylight_of(weather, sun, site, Models(transposition="isotropic"))
    away = enu_from_azel(sun.azimuth_deg + 180.0, 0.0)
    result = yield_of(away, daylight, head, panels).poa_w_m2
    expected = 0.5 * weather.dhi_w_m2 + 0.5 * site.albedo * weather.ghi_w_m2
    np.testing.assert_allclose(result, expected[daylight.up])


def test_an_unknown_transposition_names_the_known_ones(weather, sun, site):
    with pytest.raises(ValueError, match=r"'perezz' is unknown.*isotropic, hay-davies, perez"):
        daylight_of(weather, sun, site, Models(transposition="perezz"))


def test_an_unknown_cover_or_temperature_names_the_known_ones(weather, sun, site):
    with pytest.raises(ValueError, match=r"incidence 'glass' is unknown.*coated glass, beam alone"):
        daylight_of(weather, sun, site, Models(incidence="glass"))
    with pytest.raises(ValueError, match=r"temperature 'noct' is unknown.*pvgis, free-standing"):
        daylight_of(weather, sun, site, Models(temperature="noct"))


def test_a_polar_night_yields_nothing(weather, site, head, panels):
    svalbard = replace(site, latitude_deg=78.2, longitude_deg=15.6)
    dark = replace(weather, utc=weather.utc - np.timedelta64(90, "D"))
    sun = sun_position(dark.utc, svalbard)
    daylight = daylight_of(dark, sun, svalbard, Models(spectrum="de soto, polycrystalline silicon"))
    assert daylight.rows.size == 0
    for normal in (LEVEL, sun.direction_enu):
        result = yield_of(normal, daylight, head, replace(panels, bifaciality=0.7))
        np.testing.assert_array_equal(result.ac_w, np.zeros(dark.utc.size))
        assert result.poa_w_m2.size == 0
