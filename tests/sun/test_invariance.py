"""However times are handed over, the sun is the same to 1e-12 deg."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from tracker.frames import angle_between_deg
from tracker.sun import Places, Sun, formula, sun_position
from tracker.sun.nodes import Nodes

SAME_DEG = 1e-12
SIZE = 3000  # several blocks and chunks


@pytest.fixture(scope="module")
def utc():
    rng = np.random.default_rng(7)
    low, high = (np.datetime64(date, "us").astype(np.int64) for date in ("1990-01-01", "2040-01-01"))
    return np.sort(rng.integers(low, high, SIZE)).astype("datetime64[us]")


def assert_same(one, other):
    """Great-circle: azimuth alone means little near the zenith."""
    assert angle_between_deg(one.direction_enu, other.direction_enu).max() <= SAME_DEG
    turned_deg = (one.azimuth_deg - other.azimuth_deg + 180.0) % 360.0 - 180.0
    assert np.abs(turned_deg * np.cos(np.radians(one.elevation_deg))).max() <= SAME_DEG
    for name in ("elevation_deg", "apparent_elevation_deg"):
        assert np.abs(getattr(one, name) - getattr(other, name)).max() <= SAME_DEG


def joined(positions):
    class Joined:
        pass

    whole = Joined()
    for name in ("azimuth_deg", "elevation_deg", "apparent_elevation_deg", "direction_enu"):
        setattr(whole, name, np.concatenate([np.atleast_1d(getattr(part, name)) for part in positions]))
    return whole


@pytest.mark.parametrize("how", ["numpy", "numba"])
def test_any_order_and_any_chunking_gives_the_same_sun(shenzhen, utc, rng, how):
    sun = Sun(shenzhen, how=how)
    whole, order = sun.position(utc), rng.permutation(SIZE)
    undo = np.argsort(order)
    backward, shuffled = sun.position(utc[::-1]), sun.position(utc[order])
    chunks = joined([sun.position(chunk) for chunk in np.split(utc, [1, 2, 515, 1027, 2999])])
    for other, index in ((backward, slice(None, None, -1)), (shuffled, undo), (chunks, slice(None))):
        picked = joined([other])
        for name in vars(picked):
            setattr(picked, name, getattr(picked, name)[index])
        assert_same(whole, picked)


def test_numpy_and_numba_give_the_same_sun(shenzhen, utc):
    assert_same(Sun(shenzhen, how="numpy").position(utc), Sun(shenzhen, how="numba").position(utc))


@pytest.mark.parametrize("how", ["numpy", "numba"])
def test_an_instant_is_an_array_of_one(shenzhen, utc, how):
    """The plain-number path of few instants and of the control loop against the arrays."""
    sun = Sun(shenzhen, how=how)
    some = utc[::10]
    whole, angles = sun.position(some), sun.angles(some)
    np.testing.assert_array_equal(angles.azimuth_deg, whole.azimuth_deg)
    at = np.array([sun.direction_at(time) for time in some])
    one = np.array([sun.direction_enu(time) for time in some])
    few = np.concatenate([sun.direction_enu(some[i : i + 7]) for i in range(0, len(some), 7)])
    np.testing.assert_array_equal(at, one)
    np.testing.assert_array_equal(at, few)
    assert angle_between_deg(at, whole.direction_enu).max() <= SAME_DEG
    assert_few_angles_agree(sun, some, angles)


def assert_few_angles_agree(sun, some, angles):
    for shape in ((1,), (2, 3), ()):
        size = int(np.prod(shape))
        few = sun.angles(some[:size].reshape(shape))
        assert few.azimuth_deg.shape == few.elevation_deg.shape == shape
        assert np.abs(few.azimuth_deg.ravel() - angles.azimuth_deg[:size]).max() <= SAME_DEG
        assert np.abs(few.elevation_deg.ravel() - angles.elevation_deg[:size]).max() <= SAME_DEG


@pytest.mark.parametrize("how", ["numpy", "numba"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_any_unit_and_shape_of_time_gives_the_same_sun(shenzhen, utc, unit, how):
    whole_seconds = utc.astype("datetime64[s]")[:2400]
    expected = Sun(shenzhen, how=how).position(whole_seconds)
    other = Sun(shenzhen, how=how).position(whole_seconds.astype(f"datetime64[{unit}]").reshape(20, 1, 120))
    assert other.direction_enu.shape == (20, 1, 120, 3)
    np.testing.assert_allclose(other.direction_enu.reshape(-1, 3), expected.direction_enu, rtol=0, atol=1e-14)


@pytest.mark.parametrize("unit", ["m", "h", "D", "10us", "ps"])
def test_rare_units_are_understood(shenzhen, unit):
    time = np.datetime64("1970-03-21", "h").astype(f"datetime64[{unit}]")  # ps end in April 1970
    expected = sun_position(np.datetime64("1970-03-21T00:00:00"), shenzhen)
    assert sun_position(np.array([time]), shenzhen).azimuth_deg[0] == pytest.approx(
        float(expected.azimuth_deg)
    )


@pytest.mark.parametrize("how", ["numpy", "numba"])
def test_many_sites_at_once_are_the_sites_one_by_one(rng, how):
    latitudes, longitudes = rng.uniform(-90, 90, 5), rng.uniform(-180, 180, 5)
    heights, utc = rng.uniform(0, 3000, 5), np.datetime64("2025-03-01", "s") + np.arange(5000) * 700
    many = Places(latitude_deg=latitudes, longitude_deg=longitudes, altitude_m=heights)
    together = Sun(many, how=how).position(utc.reshape(50, 100))
    assert together.azimuth_deg.shape == (5, 50, 100)
    own = Sun(many, how=how).position(np.stack([np.roll(utc, i) for i in range(5)]), each=True)
    for i in range(5):
        place = Places(latitude_deg=latitudes[i], longitude_deg=longitudes[i], altitude_m=heights[i])
        alone = Sun(place, how=how).position(utc)
        row = joined([together])
        for name in vars(row):
            whole = getattr(together, name)[i]
            setattr(row, name, whole.reshape(5000, 3) if name == "direction_enu" else whole.ravel())
        assert_same(row, alone)
        np.testing.assert_array_equal(own.elevation_deg[i], np.roll(alone.elevation_deg, i))


def test_a_thousand_places_at_one_time_are_as_good(rng):
    many = Places(latitude_deg=rng.uniform(-90, 90, 9000), longitude_deg=rng.uniform(-180, 180, 9000))
    by_numpy = Sun(many, how="numpy").position(np.datetime64("2025-03-20T12:00"))
    assert_same(by_numpy, Sun(many, how="numba").position(np.datetime64("2025-03-20T12:00")))


def test_times_of_any_zone_are_converted(shenzhen):
    expected = sun_position(np.array(["2025-06-21T04:00"], dtype="datetime64[us]"), shenzhen)
    local = pd.DatetimeIndex(["2025-06-21T12:00"]).tz_localize("Asia/Shanghai")
    for zoned in (local, local.tz_convert("UTC"), pd.Series(local), local.as_unit("ns")):
        np.testing.assert_array_equal(sun_position(zoned, shenzhen).azimuth_deg, expected.azimuth_deg)
    for moment in (local[0], local[0].to_pydatetime()):
        assert sun_position(moment, shenzhen).azimuth_deg == expected.azimuth_deg[0]


def test_the_order_in_which_years_are_built_leaves_no_trace():
    forward, backward = Nodes(), Nodes()
    table = forward.build(range(2023, 2027)).copy()
    for year in (2026, 2023, 2025, 2024):
        other = backward.build([year])
    np.testing.assert_array_equal(table, other)


def test_only_the_years_asked_for_are_built():
    from tracker.sun.instants import years_among

    nodes = Nodes()
    tick_us = np.array(["1950-06-01", "2100-06-01"], dtype="datetime64[us]").astype(np.int64)
    nodes.build(years_among(tick_us, 86_400_000_000))
    assert not nodes.missing([1950, 2100])
    assert all(nodes.missing([year]) for year in range(1951, 2100))


def test_no_time_at_all_gives_empty_arrays(shenzhen):
    none = sun_position(np.empty((0, 4), dtype="datetime64[us]"), shenzhen)
    assert none.azimuth_deg.shape == (0, 4)
    assert none.direction_enu.shape == (0, 4, 3)


def test_the_compiled_trigonometry_is_exact_to_the_last_digits(rng):
    turns = rng.uniform(-3.0, 3.0, 2000)
    reduced = turns - np.rint(turns)
    sine, cosine = np.array([formula.sine_and_cosine(turn) for turn in turns]).T
    np.testing.assert_allclose(sine, np.sin(2.0 * np.pi * reduced), rtol=0, atol=1e-15)
    np.testing.assert_allclose(cosine, np.cos(2.0 * np.pi * reduced), rtol=0, atol=1e-15)
    y, x = rng.normal(size=(2, 2000)) * 10.0 ** rng.uniform(-8, 8, (2, 2000))
    angle_deg = [formula.arctangent(*pair) for pair in zip(y, x, strict=True)]
    np.testing.assert_allclose(angle_deg, np.degrees(np.arctan2(y, x)), rtol=2e-15, atol=0)


def test_a_position_needs_neither_pandas_nor_numba_nor_the_pvlib_package():
    """Starting them costs 0.2, 0.2 and 0.5 s; a controller or `sunflower sun` has no use for them."""
    program = (
        "import sys, numpy as np; from tracker.sun import Places, Sun;"
        "Sun(Places(latitude_deg=1.0, longitude_deg=2.0)).position(np.arange(9000).astype('datetime64[s]'));"
        "print(sorted({'pandas', 'numba', 'pvlib', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("switch", ["0", "1"])
def test_pvlibs_own_numba_switch_changes_nothing(switch):
    program = (
        "import numpy as np; from tracker.sun import Places, Sun;"
        "t = np.arange(9).astype('datetime64[h]');"
        "print(Sun(Places(latitude_deg=1.0, longitude_deg=2.0)).direction_enu(t).tobytes().hex())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PVLIB_USE_NUMBA": value},
        ).stdout
        for value in ("0", switch)
    }
    assert len(outputs) == 1
