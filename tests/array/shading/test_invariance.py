"""What must not change the shade."""

import importlib.util
import tracemalloc

import numpy as np
import pytest

from tracker.array.shading import beam_shading, by_array, compiled, head_shading, shading_field
from tracker.frames import enu_from_azel, rotation_about_up

EXACT = 1e-12


@pytest.fixture
def scene(shapes, rng):
    sun = shapes.suns(rng, 8, 4.0, 35.0)
    pivots = shapes.hexagonal(13, 5.0, 8.0, 40.0) + rng.uniform(-0.3, 0.3, (13, 3))
    return pivots, shapes.own_ways(rng, sun, 13, 25.0), sun


@pytest.mark.parametrize("own_ways", [False, True], ids=["parallel", "own ways"])
@pytest.mark.parametrize("lowest_deg", [0.05, 2.0, 15.0])
def test_numba_and_numpy_agree(shapes, rng, own_ways, lowest_deg):
    pivots, petals = shapes.hexagonal(37, 5.5, 5.0, 10.0), shapes.flower()
    sun = shapes.suns(rng, 6, lowest_deg, 2.5 * lowest_deg)
    turned = shapes.own_ways(rng, sun, 37, 20.0) if own_ways else shapes.facing(sun, 37)
    field = shading_field(pivots_enu_m=pivots, petals_m=petals, panel_offset_m=(0.0, 0.1, 0.2))
    ways = [beam_shading(field, turned, sun, how=how) for how in ("numpy", "numba")]
    assert (ways[0] > 0.01).any()
    np.testing.assert_allclose(ways[0], ways[1], rtol=0.0, atol=EXACT)


def test_heads_with_the_same_shadows_share_what_each_would_get_alone(shapes, rng):
    """A regular parallel field, where few heads are computed, against numpy, which computes all."""
    pivots, sun = shapes.hexagonal(61, 5.0, 6.0, 300.0), shapes.suns(rng, 8, 1.0, 40.0)
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    turned = shapes.facing(sun, 61)
    shared = beam_shading(field, turned, sun, how="numba")
    alone = beam_shading(field, turned, sun, how="numpy")
    assert len(np.unique(shared[..., 0])) < 0.3 * shared[..., 0].size
    np.testing.assert_allclose(shared, alone, rtol=0.0, atol=EXACT)


@pytest.mark.parametrize("moved_m", [1e-11, 1e-9, 1e-7])
@pytest.mark.parametrize("axis", [0, 1], ids=["across the beam", "along the beam"])
def test_heads_with_nearly_the_same_shadows_keep_their_own(shapes, rng, moved_m, axis):
    """A lattice out of place by less than a look-up may round to: sharing would be off by about as much."""
    pivots, sun = shapes.hexagonal(37, 5.0), enu_from_azel([180.0] * 3, [6.0, 12.0, 20.0])
    pivots[:, axis] += moved_m * rng.uniform(-1.0, 1.0, 37)
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.rectangle(4.0, 2.5))
    ways = [head_shading(field, shapes.facing(sun, 37), sun, how=how) for how in ("numpy", "numba")]
    assert (ways[0] > 0.01).any()
    np.testing.assert_allclose(ways[0], ways[1], rtol=0.0, atol=EXACT)


def test_turning_layout_heads_and_sun_together_changes_nothing(shapes, how, scene):
    pivots, turned, sun = scene
    spin = rotation_about_up(77.0)
    shares = [
        beam_shading(shading_field(pivots_enu_m=p, petals_m=shapes.flower()), r, s, how=how)
        for p, r, s in ((pivots, turned, sun), (pivots @ spin.T, spin @ turned, sun @ spin.T))
    ]
    assert (shares[0] > 0.01).any()
    np.testing.assert_allclose(shares[0], shares[1], rtol=0.0, atol=EXACT * 10)


def test_moving_scaling_and_reordering_change_nothing(shapes, rng, how, scene):
    pivots, turned, sun = scene
    petals, order = shapes.flower(), rng.permutation(13)
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, how=how)
    moved = shading_field(pivots_enu_m=pivots + np.array([500.0, -300.0, 80.0]), petals_m=petals)
    np.testing.assert_allclose(beam_shading(moved, turned, sun, how=how), share, rtol=0.0, atol=EXACT * 10)
    larger = shading_field(pivots_enu_m=4.0 * pivots, petals_m=[4.0 * petal for petal in petals])
    np.testing.assert_allclose(beam_shading(larger, turned, sun, how=how), share, rtol=0.0, atol=EXACT)
    mixed = shading_field(pivots_enu_m=pivots[order], petals_m=petals)
    np.testing.assert_allclose(
        beam_shading(mixed, turned[:, order], sun, how=how), share[:, order], rtol=0.0, atol=EXACT
    )


def test_time_by_time_is_all_at_once(shapes, how, scene, monkeypatch):
    pivots, turned, sun = scene
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    share = beam_shading(field, turned, sun, how=how)
    single = [beam_shading(field, turned[t : t + 1], sun[t : t + 1], how=how)[0] for t in range(len(sun))]
    np.testing.assert_allclose(share, single, rtol=0.0, atol=EXACT)
    monkeypatch.setattr(by_array, "CHUNK_NUMBERS", 1500)
    monkeypatch.setattr(compiled, "FEWEST_TIMES", 1)
    spread = beam_shading(field, turned, sun, how=how, threads=3)
    np.testing.assert_allclose(spread, share, rtol=0.0, atol=EXACT)


def test_the_suns_length_does_not_matter(shapes, how, scene):
    pivots, turned, sun = scene
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    np.testing.assert_allclose(
        beam_shading(field, turned, 1361.0 * sun, how=how),
        beam_shading(field, turned, sun, how=how),
        atol=EXACT,
    )


def test_rotations_of_any_layout_are_read_as_they_are(shapes, how, scene):
    pivots, turned, sun = scene
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    share = head_shading(field, turned, sun, how=how)
    odd = np.asfortranarray(turned)
    odd.setflags(write=False)
    np.testing.assert_allclose(head_shading(field, odd, sun, how=how), share, rtol=0.0, atol=EXACT)


def test_memory_does_not_grow_with_the_times(shapes, rng, how):
    """Beyond the output: the working set of one chunk, however long the series."""
    field = shading_field(pivots_enu_m=shapes.hexagonal(7, 5.0), petals_m=shapes.rectangle(4.0, 2.5))
    head_shading(field, shapes.facing(shapes.suns(rng, 2), 7), shapes.suns(rng, 2), how=how)
    sun = shapes.suns(rng, 15_000, 20.0, 60.0)
    turned = shapes.facing(sun, 7)
    tracemalloc.start()
    share = head_shading(field, turned, sun, how=how)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - share.nbytes - 2 * sun.nbytes < 64 * 2**20


def test_auto_starts_with_numpy_and_turns_to_numba_when_it_pays(shapes, monkeypatch):
    calls = []
    monkeypatch.setattr(compiled, "WORK", compiled.Work())
    monkeypatch.setattr(compiled, "NUMBA_PAYS", 100)
    monkeypatch.setattr(
        compiled, "load", type("Cold", (), {"cache_info": lambda: type("I", (), {"currsize": 0})})
    )
    monkeypatch.setattr(by_array, "fill", lambda *_: calls.append("numpy"))
    monkeypatch.setattr(compiled, "fill", lambda *_: calls.append("numba"))
    field = shading_field(pivots_enu_m=[[0.0, 0.0, 3.0]], petals_m=shapes.flower())
    sun = np.tile([0.0, 0.0, 1.0], (6, 1))
    for _ in range(2):
        head_shading(field, shapes.facing(sun, 1), sun)
    assert calls == ["numpy", "numba"]


def test_without_numba_auto_is_numpy_and_numba_is_refused(shapes, monkeypatch, caplog):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(compiled, "WORK", compiled.Work())
    monkeypatch.setattr(compiled, "NUMBA_PAYS", 1)
    monkeypatch.setattr(
        compiled, "load", type("Cold", (), {"cache_info": lambda: type("I", (), {"currsize": 0})})
    )
    field = shading_field(pivots_enu_m=[[0.0, 0.0, 3.0]], petals_m=shapes.flower())
    sun = np.tile([0.0, 0.0, 1.0], (6, 1))
    with caplog.at_level("INFO"):
        for _ in range(3):
            assert head_shading(field, shapes.facing(sun, 1), sun).max() == 0.0
    assert sum("sunflower-tracker[fast]" in record.message for record in caplog.records) == 1
    with pytest.raises(ValueError, match="install sunflower-tracker"):
        head_shading(field, shapes.facing(sun, 1), sun, how="numba")
