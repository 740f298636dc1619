"""What fields yield, a head and a square metre of land."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.array.shading import beam_shading, enu_from_normal, field_of
from tracker.pv import Models
from tracker.study.layouts import layout_document, study_layouts
from tracker.study.layouts import study as study_module
from tracker.study.layouts.fields import fields_of, plan_for
from tracker.study.layouts.holding import facing_the_sun
from tracker.study.layouts.notes import SHADE_PERCENT
from tracker.study.layouts.sampled_shade import sampled_shade
from tracker.study.layouts.study import yield_of_field
from tracker.study.result import net_wh_under
from tracker.study.setting import setting_of

SPACINGS_M = (5.0, 6.0, 8.0, 12.0, 40.0)


@pytest.fixture(scope="module")
def weather(fortnight):
    return fortnight("phoenix")


@pytest.fixture(scope="module")
def plant(plant_with, weather):
    return plant_with(weather)


@pytest.fixture(scope="module")
def study(plant, weather):
    return study_layouts(plant, weather, plan_for(plant, spacings_m=SPACINGS_M))


@pytest.fixture(scope="module")
def lone(plant, weather):
    (row,) = study_layouts(
        plant, weather, plan_for(plant, heads=1, patterns=("grid",), spacings_m=(6.0,))
    ).yields
    return row


def rows_of(study, pattern):
    return [row for row in study.yields if row.field.pattern == pattern]


def test_a_lone_head_loses_no_light(lone, plant, weather):
    setting = setting_of(plant, weather, Models())
    facing = facing_the_sun(plant, weather, setting.sun)
    assert (lone.beam_lost_percent, lone.diffuse_lost_percent) == (0.0, 0.0)
    ac_wh = np.sum(setting.yield_of(facing.normal_enu).ac_w)
    assert lone.net_kwh == pytest.approx((ac_wh - np.sum(facing.consumption_wh(3600.0))) / 1000.0)


@pytest.mark.parametrize("pattern", ["vogel", "ring", "grid"])
def test_heads_farther_apart_yield_more_each_and_less_a_square_metre(study, pattern):
    rows = rows_of(study, pattern)
    assert np.all(np.diff([row.net_kwh_per_head for row in rows]) > 0.0)
    assert np.all(np.diff([row.net_kwh_per_m2_land for row in rows]) < 0.0)
    assert np.all(np.diff([row.beam_lost_percent for row in rows]) < 0.0)
    assert np.all(np.diff([row.diffuse_lost_percent for row in rows]) < 0.0)


def test_heads_far_apart_yield_nearly_what_a_lone_one_does(study, lone):
    for pattern in ("vogel", "ring", "grid"):
        far = rows_of(study, pattern)[-1]
        assert 0.99 * lone.net_kwh < far.net_kwh_per_head < lone.net_kwh


def test_yield_of_land_is_yield_of_panels_times_ground_cover(study, plant):
    for row in study.yields:
        per_m2_panel = row.net_kwh / (row.heads * plant.array.head.area_m2)
        assert row.net_kwh_per_m2_land == pytest.approx(per_m2_panel * row.ground_cover_ratio)
        assert row.net_kwh_per_kwp * 2.5 == pytest.approx(row.net_kwh_per_head)


def test_beam_lost_is_that_of_exact_shadows_in_every_interval(plant, weather):
    setting = setting_of(plant, weather, Models())
    facing = facing_the_sun(plant, weather, setting.sun)
    for field in fields_of(plant, plan_for(plant, patterns=("vogel", "grid"), spacings_m=(5.0,))):
        shaded = beam_shading(*suns_on(field.array, facing, setting)).mean(axis=(1, 2))
        beam_w_m2 = beam_on(facing, setting)
        here = replace(setting, plant=replace(plant, array=field.array))
        row = yield_of_field(here, field, facing)
        lost = 100.0 * np.sum(shaded * beam_w_m2) / np.sum(beam_w_m2)
        assert row.beam_lost_percent == pytest.approx(lost, abs=0.3)


def test_the_sample_is_as_close_to_exact_shadows_of_a_year_as_people_are_told(plant_with, weather_of):
    weather = weather_of("denver")  # of the places measured that with the largest error
    plant = plant_with(weather, heads=19)
    setting = setting_of(plant, weather, Models())
    facing = facing_the_sun(plant, weather, setting.sun)
    for field in fields_of(plant, plan_for(plant, patterns=("ring", "grid"), spacings_m=(5.2, 5.9))):
        here = replace(setting, plant=replace(plant, array=field.array))
        whole = here.shade_on(facing.normal_enu)
        exact = replace(whole, petals=beam_shading(*suns_on(field.array, facing, here)))
        sampled_kwh, exact_kwh = (
            np.sum(net_wh_under(here, replace(facing, shade=shade)))
            for shade in (sampled_shade(here, facing.normal_enu), exact)
        )
        assert 100.0 * abs(sampled_kwh / exact_kwh - 1.0) < SHADE_PERCENT


def test_heads_of_their_own_ways_that_look_alike_are_shaded_as_those_that_look_alike(plant, weather):
    setting = setting_of(plant, weather, Models())
    facing = facing_the_sun(plant, weather, setting.sun)
    own = replace(facing, normal_enu=np.repeat(facing.normal_enu[np.newaxis], plant.array.size, axis=0))
    (field,) = fields_of(plant, plan_for(plant, patterns=("grid",), spacings_m=(6.0,)))
    here = replace(setting, plant=replace(plant, array=field.array))
    alike, each = (yield_of_field(here, field, held) for held in (facing, own))
    assert each.beam_lost_percent == pytest.approx(alike.beam_lost_percent, abs=0.2)
    assert each.diffuse_lost_percent == pytest.approx(alike.diffuse_lost_percent, abs=0.2)
    assert each.net_kwh == pytest.approx(alike.net_kwh, rel=0.01)


def test_the_best_layout_on_an_area_is_the_best_of_all_tried_one_by_one(plant, weather):
    plan = plan_for(plant, patterns=("ring", "grid"), spacings_m=(5.0, 7.0), area_m2=250.0)
    study = study_layouts(plant, weather, plan)
    one_by_one = {
        (pattern, spacing_m): study_layouts(
            plant, weather, plan_for(plant, patterns=(pattern,), spacings_m=(spacing_m,), area_m2=250.0)
        )
        .yields[0]
        .net_kwh
        for pattern in plan.patterns
        for spacing_m in plan.spacings_m
    }
    best = study.yields[study.best]
    assert best.net_kwh == max(one_by_one.values())
    assert one_by_one[best.field.pattern, best.field.spacing_m] == best.net_kwh


def test_done_counts_up_to_all_fields(plant, weather):
    heard = []
    study_layouts(plant, weather, plan_for(plant, heads=2, spacings_m=(20.0,)), done=heard.append)
    assert heard == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_only_who_wants_heads_out_of_each_other_s_shade_pays_for_the_search(plant, weather, monkeypatch):
    decided = []

    def decide(plant, weather, sun):
        decided.append(plant.array.size)
        return facing_the_sun(plant, weather, sun)

    monkeypatch.setattr(study_module, "decided_orientation", decide)
    plans = [plan_for(plant, heads=2, spacings_m=(9.0,), avoid_shade=wanted) for wanted in (False, True)]
    facing, avoiding = (layout_document(study_layouts(plant, weather, plan)) for plan in plans)
    assert decided == [2, 2, 2]
    assert [document["avoid_shade"] for document in (facing, avoiding)] == [False, True]
    assert facing["notes"] != avoiding["notes"]
    assert facing["inputs_sha256"] != avoiding["inputs_sha256"]


def test_the_document_s_rows_are_the_study_s(study):
    document = layout_document(study)
    assert document["schema"] == "sunflower.layout/1"
    assert document["best_for_area"] is None
    assert [row["net_kwh"] for row in document["patterns"]] == [row.net_kwh for row in study.yields]
    assert [row["pareto"] for row in document["patterns"]] == list(study.pareto)


def suns_on(array, facing, setting):
    """The arguments of the exact shading for heads that are all held alike."""
    up, sun_enu = setting.daylight.up, setting.daylight.sky.sun_enu
    rotations = enu_from_normal(facing.normal_enu[up])[:, np.newaxis]
    return field_of(array), np.broadcast_to(rotations, (len(sun_enu), array.size, 3, 3)), sun_enu


def beam_on(facing, setting):
    """The beam on a panel (D,), W/m2."""
    sky = setting.daylight.sky
    across = np.einsum("di,di->d", facing.normal_enu[setting.daylight.up], sky.sun_enu)
    return sky.beam_w_m2 * np.maximum(across, 0.0)
