"""Aiming that keeps heads out of each other's shade, held against searches that try everything."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.aiming.aim_scene import in_parts
from tracker.aiming.shade_avoidance import looking_past
from tracker.aiming.shade_search import searched
from tracker.aiming.sun_band import sun_of_band
from tracker.array import grid, head_names, vogel
from tracker.frames import angle_between_deg, elevation_deg
from tracker.pv import Models
from tracker.study.driven import sunflower as study
from tracker.study.driven.shade_aim import aim_table, field_light
from tracker.study.result import net_wh_under
from tracker.study.setting import setting_of

LATITUDE_DEG = 22.6
EQUINOX_DEG = 2.5  # a narrow band about the equator: a few days of the year
DISK_DEG = 0.27  # radius of the sun
SEARCH_PERCENT = 0.2
pytest.importorskip("numba", reason="exact shading of so many orientations needs numba")


@pytest.fixture(scope="module")
def array_of(plant_of, weather_of):
    """Heads of 18 m2 on these feet."""

    def make(feet_m):
        array = plant_of(weather_of("shenzhen")).array
        return replace(array, positions_enu_m=feet_m, names=head_names(len(feet_m)))

    return make


@pytest.fixture(scope="module")
def dense(array_of):
    """Nine heads on a square grid of 6 m, petals over land 0.5, with their light and table about equinox."""
    field = field_light(array_of(grid(9, 6.0)))
    return field, searched(LATITUDE_DEG, field, EQUINOX_DEG)


def suns(count, seed=3):
    """Suns above 4 deg on days about equinox."""
    rng = np.random.default_rng(seed)
    hour = rng.uniform(-85.0, 85.0, count)
    return sun_of_band(rng.uniform(-2.0, 2.0, count), hour, LATITUDE_DEG)


def under_the_disk(worth, normal_enu, sun_enu):
    """Mean light (N,) over the sun's centre and six points of its rim."""
    turn = np.arange(6) * np.pi / 3.0
    rim = np.concatenate([[[0.0, 0.0]], DISK_DEG * np.stack([np.cos(turn), np.sin(turn)], axis=-1)])
    places = [looking_past(sun_enu, np.broadcast_to(place, (len(sun_enu), 2))) for place in rim]
    return np.mean([in_parts(worth, normal_enu, place) for place in places], axis=0)


def best_common(field, sun_enu):
    """The most light that any common orientation gives: all within 80 deg by 2 deg, the best by 0.1 deg."""
    axis = np.arange(-80.0, 80.1, 2.0)
    past_deg = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    for step_deg in (0.5, 0.1):
        light = light_of(field.exact, past_deg, sun_enu, field.limits)
        top = past_deg[np.argsort(-light)[:12]]
        around = step_deg * (np.stack(np.meshgrid(*[np.arange(-4, 5)] * 2), axis=-1).reshape(-1, 2))
        past_deg = (top[:, np.newaxis] + around).reshape(-1, 2)
    return light_of(field.exact, past_deg, sun_enu, field.limits).max()


def light_of(worth, past_deg, sun_enu, limits, *, disk=True):
    suns_enu = np.broadcast_to(sun_enu, (len(past_deg), 3))
    alone = (slice(None), np.newaxis) if past_deg.ndim == 3 else slice(None)
    normal = looking_past(np.broadcast_to(suns_enu[alone], (*past_deg.shape[:-1], 3)), past_deg)
    high = elevation_deg(normal)
    out = (high < limits.elevation_range_deg[0]) | (high > limits.elevation_range_deg[1])
    light = (under_the_disk if disk else in_parts)(worth, normal, suns_enu)
    return np.where(np.any(out.reshape(len(out), -1), axis=-1), 0.0, light)


def test_a_common_orientation_is_as_good_as_the_best_of_all(dense):
    field, table = dense
    sun = suns(16)
    held = under_the_disk(field.exact, table.normals(sun), sun)
    best = np.array([best_common(field, each) for each in sun])
    assert 100.0 * (1.0 - held.sum() / best.sum()) < SEARCH_PERCENT


def test_it_gains_over_facing_the_sun(dense):
    field, table = dense
    sun = suns(400)
    past, facing = (in_parts(field.exact, normal, sun) for normal in (table.normals(sun), sun))
    assert past.sum() > 1.015 * facing.sum()


def test_heads_do_not_go_to_and_fro_through_a_day(dense):
    """A minute apart, they cross to another side of a shadow a few times a day and else move with the sun."""
    _, table = dense
    minutes = np.arange(-80.0, 80.0, 0.25)
    sun = sun_of_band(np.full(minutes.shape, 1.0), minutes, LATITUDE_DEG)
    turned = angle_between_deg(table.normals(sun)[1:], table.normals(sun)[:-1])
    assert np.sum(turned > 5.0) <= 12
    assert np.median(turned) < 0.5


def test_heads_stay_within_their_travel(dense):
    field, table = dense
    high = elevation_deg(table.normals(suns(500)))
    assert high.max() <= field.limits.elevation_range_deg[1] + 1e-9


def test_heads_far_apart_or_alone_face_the_sun(array_of):
    assert aim_table(array_of(vogel(7, 200.0)), LATITUDE_DEG) is None
    assert aim_table(array_of(vogel(1, 7.0)), LATITUDE_DEG) is None
    assert aim_table(array_of(grid(3, 200.0)), LATITUDE_DEG) is None


def test_an_irregular_field_that_gains_nothing_by_a_common_way_faces_the_sun(array_of):
    """In a spiral somebody stands in every direction: the default field."""
    assert aim_table(array_of(vogel(19, 7.0)), LATITUDE_DEG) is None


THREE = {
    "L": [[0.0, 0.0, 0.0], [6.0, 0.0, 0.0], [0.0, 6.0, 0.0]],
    "irregular": [[0.0, 0.0, 0.0], [5.6, 1.1, 0.0], [2.3, 6.4, 0.0]],
}
NARROWEST_DEG = 0.6  # of a band: the days of the equinox


@pytest.mark.parametrize("layout", THREE)
def test_three_heads_by_themselves_are_as_good_as_the_best_of_all(array_of, layout):
    field = field_light(array_of(np.array(THREE[layout])))
    table = searched(LATITUDE_DEG, field, NARROWEST_DEG)
    rng = np.random.default_rng(11)  # suns that no setting of the search was chosen by
    sun = sun_of_band(rng.uniform(-0.5, 0.5, 12), rng.uniform(-80.0, 80.0, 12), LATITUDE_DEG)
    held = under_the_disk(field.each, table.normals(sun), sun)
    best = np.array([best_of_three(field, each) for each in sun])
    assert 100.0 * (1.0 - held.sum() / best.sum()) < SEARCH_PERCENT
    facing = np.repeat(sun[:, np.newaxis], 3, axis=1)
    assert held.sum() > under_the_disk(field.each, facing, sun).sum()


def best_of_three(field, sun_enu, seed=1):
    """The most that three heads give: every combination of 28 places each, the best improved by lot."""
    turn = np.arange(9) * 2.0 * np.pi / 9.0
    rings = [reach * np.stack([np.cos(turn), np.sin(turn)], axis=-1) for reach in (9.0, 20.0, 36.0)]
    net = np.concatenate([np.zeros((1, 2)), *rings])
    each = np.stack(np.meshgrid(*[np.arange(len(net))] * 3), axis=-1).reshape(-1, 3)
    light = light_of(field.each, net[each], sun_enu, field.limits, disk=False)
    past_deg = net[each[np.argsort(-light)[:3000]]]
    past_deg = past_deg[:: len(past_deg) // 20]  # the best, and others on the hills behind
    light = light_of(field.each, past_deg, sun_enu, field.limits)
    rng = np.random.default_rng(seed)
    for step_deg in np.repeat([5.0, 2.5, 1.2, 0.6, 0.3, 0.15], 3):
        by_lot = rng.normal(size=(len(past_deg), 40, 3, 2)) * (rng.random((len(past_deg), 40, 3, 1)) < 0.6)
        near = past_deg[:, np.newaxis] + step_deg * by_lot
        found = light_of(field.each, near.reshape(-1, 3, 2), sun_enu, field.limits).reshape(near.shape[:2])
        top = np.argmax(found, axis=1), np.max(found, axis=1)
        better = (top[1] > light)[:, np.newaxis, np.newaxis]
        past_deg = np.where(better, near[np.arange(len(near)), top[0]], past_deg)
        light = np.maximum(light, top[1])
        keep = np.argsort(-light)[: max(6, 3 * len(light) // 4)]
        past_deg, light = past_deg[keep], light[keep]
    return light.max()


def jittered():
    """Twelve heads at a ground cover of 0.5, each up to 0.6 m off a square grid of 6 m."""
    off_m = np.random.default_rng(1).uniform(-0.6, 0.6, (12, 3)) * [1.0, 1.0, 0.0]
    return grid(12, 6.0) + off_m


@pytest.mark.parametrize(
    ("place", "feet_m", "least"),
    [("shenzhen", grid(9, 6.0), 0.01), ("phoenix", grid(9, 6.0), 0.01), ("shenzhen", jittered(), 0.005)],
    ids=["shenzhen", "phoenix", "shenzhen, irregular"],
)
def test_no_day_of_real_weather_yields_less_than_facing_the_sun(
    array_of, plant_of, weather_of, place, feet_m, least, monkeypatch
):
    """Ten days about the spring equinox, clear and dull, decided by the field's own code."""
    year = weather_of(place)
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    cut = slice(24 * 75, 24 * 85)
    days = replace(year, **{name: getattr(year, name)[cut] for name in arrays})
    array = array_of(feet_m)
    plant = replace(plant_of(year), array=array)
    table = searched(year.latitude_deg, field_light(array), EQUINOX_DEG)
    monkeypatch.setattr(study, "aim_table", lambda array, latitude_deg: table)
    setting = setting_of(plant, days, Models())
    aware, facing = (
        net_wh_under(setting, replace(held, shade=setting.shade_on(held.normal_enu)))
        for held in (
            study.decided_orientation(plant, days, setting.sun),
            study.facing_orientation(plant, days, setting.sun),
        )
    )
    gained = (aware - facing).reshape(10, 24).sum(axis=1)
    assert gained.min() >= 0.0
    assert gained.sum() > least * facing.sum()


def test_a_table_is_searched_anew_for_other_wiring_but_not_for_other_modules(array_of, monkeypatch, tmp_path):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path))
    asked = []
    monkeypatch.setattr("tracker.study.driven.shade_aim.searched", lambda *_, **__: asked.append(1))
    array = array_of(grid(9, 6.0))
    for panels in (
        array.panels,
        replace(array.panels, bifaciality=0.7, gamma_per_c=-0.003, soiling_percent=(2.0,) * 12),
        replace(array.panels, bypass_per_petal=3),
    ):
        aim_table(replace(array, panels=panels), LATITUDE_DEG)
    assert len(asked) == 2
