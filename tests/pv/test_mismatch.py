"""Partial shade on strings: between the bounds, and near diodes worked out one by one."""

from dataclasses import replace

import numpy as np
import pytest
from pvlib.singlediode import bishop88

from tracker.pv import Shade
from tracker.pv.irradiance import PlaneIrradiance
from tracker.pv.mismatch import CELL_V, DIODE_V, usable_share
from tracker.pv.shade import shaded_plane

PETALS = 12
ONE_EACH = tuple((number,) for number in range(1, PETALS + 1))
FOUR_OF_THREE = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))


def even(panels, **changes):
    """Panels whose petals carry the mean of what falls on them: one large cell each."""
    return replace(panels, cells_per_petal=1, **changes)


@pytest.fixture(scope="module")
def cases():
    """Shaded shares (N, P), some petals touched, some free, and the sun's share (N,) of the light."""
    rng = np.random.default_rng(4)
    shaded = np.clip(rng.uniform(-0.6, 1.2, (3000, PETALS)), 0.0, 1.0)
    return shaded, rng.uniform(0.05, 1.0, 3000)


@pytest.mark.parametrize(
    "strings", [(), ONE_EACH, FOUR_OF_THREE, ((1, 12, 2, 11), (3, 4, 5, 6, 7, 8, 9, 10))]
)
@pytest.mark.parametrize(("cells", "bypass"), [(1, 1), (40, 1), (40, 2), (60, 3)])
def test_all_parallel_and_all_series_bracket_every_plan(panels, cases, strings, cells, bypass):
    shaded, sun_share = cases
    plan = replace(panels, strings=strings, cells_per_petal=cells, bypass_per_petal=bypass)
    usable = usable_share(shaded, sun_share, plan)
    parallel = np.mean(1.0 - shaded, axis=1)
    series = np.min(np.maximum(1.0 - cells * shaded, 0.0), axis=1)
    assert np.all(usable <= parallel + 1e-12)
    assert np.all(usable >= series - 1e-12)


def test_petals_each_on_their_own_lose_just_the_shaded_area(panels, cases):
    shaded, sun_share = cases
    usable = usable_share(shaded, sun_share, even(panels, strings=ONE_EACH))
    np.testing.assert_allclose(usable, np.mean(1.0 - shaded, axis=1), atol=1e-12)


def test_without_shade_nothing_is_lost(panels):
    assert usable_share(np.zeros((3, PETALS)), np.array([0.0, 0.4, 1.0]), panels).tolist() == [1.0, 1.0, 1.0]


def test_all_in_the_shade_keep_the_diffuse_light_alone(panels):
    assert usable_share(np.ones((2, PETALS)), np.array([0.3, 1.0]), panels) == pytest.approx(0.0)


def test_one_dark_petal_of_a_string_costs_itself_and_its_diode(panels):
    dark = np.zeros((1, PETALS))
    dark[0, 4] = 1.0
    drop = DIODE_V / (CELL_V * panels.cells_per_petal)
    assert usable_share(dark, np.array([1.0]), panels) == pytest.approx((11.0 - drop) / 12.0)


def test_when_most_petals_are_dark_the_string_runs_on_diffuse_light(panels):
    """Two bright petals at current 1 are worth less than twelve at the 0.4 that the sky gives."""
    dark = np.ones((1, PETALS))
    dark[0, :2] = 0.0
    assert usable_share(dark, np.array([0.6]), panels) == pytest.approx(0.0)
    assert usable_share(dark, np.array([0.95]), panels) > 0.05


def test_a_shadow_of_one_cell_takes_a_group_and_more_diodes_take_less(panels):
    touched = np.zeros((1, PETALS))
    touched[0, 0] = 1.0 / 40.0
    one, two = (
        float(usable_share(touched, np.array([1.0]), replace(panels, bypass_per_petal=groups))[0])
        for groups in (1, 2)
    )
    assert 1.0 - one == pytest.approx(1.0 / 12.0, rel=0.1)
    assert 1.0 - two == pytest.approx(1.0 / 24.0, rel=0.1)


def test_more_strings_never_lose_more(panels, cases):
    shaded, sun_share = cases
    one, four, twelve = (
        usable_share(shaded, sun_share, replace(panels, strings=strings))
        for strings in ((), FOUR_OF_THREE, ONE_EACH)
    )
    assert np.all(one <= four + 1e-12)
    assert np.all(four <= twelve + 1e-12)


def test_more_shade_never_gives_more(panels, cases):
    shaded, sun_share = cases
    more = np.minimum(shaded + 0.05, 1.0)
    assert np.all(usable_share(more, sun_share, panels) <= usable_share(shaded, sun_share, panels) + 1e-12)


@pytest.mark.parametrize("dark", [1, 3, 6, 10])
@pytest.mark.parametrize("sun_share", [0.5, 0.9])
def test_it_is_near_the_diodes_of_every_petal(panels, dark, sun_share):
    """Petals of 40 cells after Bishop (1988) with a bypass diode each, their voltages added at each current.

    The square characteristic is a lower bound here: at less than its own current a lit petal has more
    voltage than at its maximum power point.
    """
    shaded = np.zeros((1, PETALS))
    shaded[0, :dark] = 1.0
    light = np.where(shaded[0] > 0.0, 1.0 - sun_share, 1.0)
    real = string_power_w(light) / string_power_w(np.ones(PETALS))
    usable = float(usable_share(shaded, np.array([sun_share]), panels)[0])
    ours = (1.0 - sun_share) + sun_share * usable
    assert real * 0.84 < ours < real * 1.03


def string_power_w(light):
    cells = 40
    current_a = np.linspace(0.0, 9.5, 4000)
    volts = np.zeros_like(current_a)
    for lit in light:
        across_v = np.linspace(-1.0, 32.0, 4000)  # each diode of the equivalent circuit, all cells together
        i, v, _ = bishop88(across_v, 9.0 * lit, 1e-9, 0.004 * cells, 20.0 * cells, 1.05 * 0.0257 * cells)
        own = np.interp(current_a, i[::-1], v[::-1], right=-np.inf)
        volts += np.maximum(own, -DIODE_V)
    return float(np.max(volts * current_a))


def test_the_light_of_a_shaded_plane_adds_up(panels):
    """Dome and ground by their views, the light from the sun by what the strings use of it."""
    plane = PlaneIrradiance(
        cos_incidence=np.array([1.0]),
        beam_w_m2=np.array([600.0]),
        circumsolar_w_m2=np.array([50.0]),
        dome_w_m2=np.array([100.0]),
        ground_w_m2=np.array([20.0]),
    )
    half = np.zeros((1, 2, PETALS))
    half[0, 1] = 1.0  # of two heads one lies in the shade
    left = shaded_plane(plane, Shade(petals=half, sky=np.array([0.9]), ground=np.array([0.5])), panels)
    assert left.beam_w_m2 == pytest.approx(300.0)
    assert left.circumsolar_w_m2 == pytest.approx(25.0)
    assert left.total_w_m2 == pytest.approx(325.0 + 90.0 + 10.0)
