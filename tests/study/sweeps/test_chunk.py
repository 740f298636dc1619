import io
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from tracker.errors import InvalidInput, TrackerError
from tracker.plant import Horizon
from tracker.pv import Models
from tracker.study.result import result_of
from tracker.study.setting import setting_of
from tracker.study.sweeps.chunk import computed
from tracker.study.sweeps.plan import Variant, chunk_of
from tracker.study.sweeps.site_weather import weather_at


def rows_of(part):
    return pq.read_table(io.BytesIO(part.parquet)).to_pylist()


def with_panels(plant, **change):
    array = plant.array
    return replace(plant, array=replace(array, panels=replace(array.panels, **change)))


def albedos(plant):
    return tuple(
        Variant(
            values=(("site.albedo", albedo),), plant=replace(plant, site=replace(plant.site, albedo=albedo))
        )
        for albedo in (0.2, 0.5)
    )


def test_a_row_is_what_a_comparison_says_of_that_mounting_there(plan_of, home):
    plan = plan_of(count=2, chunk_places=2)
    rows = rows_of(computed(chunk_of(plan, 0)))
    place = plan.places[1]
    setting = setting_of(replace(home, site=place.site(0.2)), weather_at(place, plan.folder), Models())
    for row, name in zip(rows[5:], plan.mountings, strict=True):
        alone = result_of(name, setting)
        assert (row["site"], row["mounting"]) == ("P001", name)
        assert row["net_kwh"] == pytest.approx(alone.net_kwh, rel=1e-6)
        assert row["poa_kwh_m2"] == pytest.approx(
            alone.poa_kwh_m2, rel=1e-3
        )  # of best_fixed: tilt within 0.1
        assert row["monthly_kwh"] == pytest.approx(alone.monthly_kwh, rel=1e-3)


def test_rows_come_by_place_then_variant_then_mounting(plan_of, home):
    plan = plan_of(count=2, chunk_places=2, variants=albedos(home), mountings=("flat", "latitude_tilt"))
    rows = rows_of(computed(chunk_of(plan, 0)))
    assert [(row["site"], row["site.albedo"], row["mounting"]) for row in rows] == [
        (site, albedo, mounting)
        for site in ("P000", "P001")
        for albedo in (0.2, 0.5)
        for mounting in ("flat", "latitude_tilt")
    ]


def test_a_model_that_a_variant_names_reaches_its_light_and_no_other(plan_of, home):
    names = ("none", "de soto, polycrystalline silicon", "none")
    variants = tuple(
        Variant(values=(("pv.spectral_model", name),), plant=with_panels(home, spectral_model=name))
        for name in names
    )
    plan = plan_of(count=1, variants=variants, mountings=("latitude_tilt",))
    plain, coloured, again = (row["net_kwh"] for row in rows_of(computed(chunk_of(plan, 0))))
    assert again == plain
    assert 0.002 < abs(coloured / plain - 1.0) < 0.02


@pytest.mark.parametrize(
    ("model", "first", "second"),
    [
        ("spectral_model", "de soto, polycrystalline silicon", "de soto, single-crystal silicon"),
        ("temperature_model", "pvsyst, semi-integrated", "pvsyst, free-standing"),
    ],
)
def test_each_variant_has_the_light_and_the_air_of_its_own_models(plan_of, home, model, first, second):
    def net_kwh(*names):
        variants = tuple(
            Variant(values=(("model", name),), plant=with_panels(home, **{model: name})) for name in names
        )
        plan = plan_of(count=1, variants=variants, mountings=("two_axis_sun_facing",))
        return [row["net_kwh"] for row in rows_of(computed(chunk_of(plan, 0)))]

    assert net_kwh(first, second, first) == net_kwh(first) + net_kwh(second) + net_kwh(first)
    assert net_kwh(first) != net_kwh(second)


def test_a_skyline_hides_no_light_from_a_variant_without_one(plan_of, home):
    hill = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([30.0]))
    open_, hidden = (
        Variant(values=(("skyline", told),), plant=plant)
        for told, plant in ((False, home), (True, replace(home, horizon=hill)))
    )

    def net_kwh(*variants):
        chunk = chunk_of(plan_of(count=1, mountings=("two_axis_sun_facing",)), 0)
        return [row["net_kwh"] for row in rows_of(computed(replace(chunk, variants=variants)))]

    both = net_kwh(open_) + net_kwh(hidden)
    assert both[1] < 0.95 * both[0]
    assert net_kwh(open_, hidden, open_) == [*both, both[0]]


def test_how_high_heads_stand_reaches_their_cells_where_the_model_knows_wind(plan_of, home):
    def at(pivot_height_m, name):
        array = with_panels(home, head_temperature_model=name).array
        head = replace(array.head, pivot_height_m=pivot_height_m)
        plant = replace(home, array=replace(array, head=head))
        return Variant(values=(("head.pivot_height_m", pivot_height_m), ("model", name)), plant=plant)

    at_its_height, anywhere = "faiman, open rack, wind at its height", "faiman, open rack"
    variants = tuple(at(height_m, name) for name in (at_its_height, anywhere) for height_m in (2.0, 6.0))
    plan = plan_of(count=1, variants=variants, mountings=("two_axis_sun_facing",))
    low, high, *plain = (row["net_kwh"] for row in rows_of(computed(chunk_of(plan, 0))))
    assert 1.001 < high / low < 1.02
    assert plain[1] == pytest.approx(plain[0], rel=1e-3)  # what remains is their shading


def test_a_parameter_of_the_ground_reaches_the_sky(plan_of, home):
    plan = plan_of(count=1, variants=albedos(home), mountings=("latitude_tilt",))
    dark, bright = rows_of(computed(chunk_of(plan, 0)))
    assert bright["poa_kwh_m2"] > dark["poa_kwh_m2"]


def test_the_same_chunk_gives_the_same_bytes(plan_of):
    chunk = chunk_of(plan_of(), 1)
    assert computed(chunk).parquet == computed(chunk).parquet


def test_a_worker_with_other_code_refuses(plan_of):
    with pytest.raises(TrackerError, match="another version of sunflower"):
        computed(replace(chunk_of(plan_of(), 0), code_sha256="0" * 64))


def test_chunks_cover_every_place_once(plan_of):
    plan = plan_of(count=5, chunk_places=2)
    chunks = [chunk_of(plan, number) for number in range(plan.chunks)]
    assert [len(chunk.places) for chunk in chunks] == [2, 2, 1]
    assert tuple(place for chunk in chunks for place in chunk.places) == plan.places


def test_the_hash_of_a_chunk_follows_the_plan_and_its_own_weather_alone(plan_of, columns_of, write_table):
    plan = plan_of(count=4, chunk_places=2)
    before = [chunk_of(plan, number).inputs_sha256 for number in range(2)]
    write_table(plan.folder / plan.places[3].weather, columns_of(4))
    after = [chunk_of(plan, number).inputs_sha256 for number in range(2)]
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert replace(plan, mountings=("flat",)).sha256 != plan.sha256


def test_what_cannot_be_swept_is_refused(plan_of, home):
    with pytest.raises(InvalidInput, match="flatt"):
        plan_of(mountings=("flatt",))
    with pytest.raises(InvalidInput, match="twice"):
        plan_of(mountings=("flat", "flat"))
    with pytest.raises(InvalidInput, match="at least 1"):
        plan_of(chunk_places=0)
    skyline = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([5.0]))
    with pytest.raises(InvalidInput, match="skyline of one place"):
        plan_of(plant=replace(home, horizon=skyline))
