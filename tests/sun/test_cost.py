"""What is paid once, what is paid never, and how much memory it takes; speed itself is in benchmarks/."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from tracker.sun import Sun, compiled, nodes

AUTO = """
import sys, numpy as np
from tracker.sun import Places, Sun, compiled
sun, utc = Sun(Places(latitude_deg=1.0, longitude_deg=2.0)), np.arange(100_000).astype("datetime64[s]")
sun.angles(utc)
assert "numba" not in sys.modules
for _ in range(compiled.NUMBA_PAYS // utc.size):
    last = sun.angles(utc)
print("numba" in sys.modules)
"""


def test_the_loops_instants_cost_no_further_call_into_spa(shenzhen, monkeypatch):
    sun = Sun(shenzhen)
    sun.direction_at(np.datetime64("2025-01-01T00:00", "ms"))

    def refuse(_):
        raise AssertionError("a call into SPA for a year that is built")

    monkeypatch.setattr(nodes, "sun_vectors", refuse)
    for time in np.datetime64("2025-01-01", "ms") + np.arange(0, 365 * 86400, 86399).astype("timedelta64[s]"):
        sun.direction_at(time)
    with pytest.raises(AssertionError, match="a call into SPA"):
        nodes.Nodes().build([2025])


@pytest.mark.parametrize("how", ["numpy", "numba"])
@pytest.mark.parametrize("order", [1, -1], ids=["forward", "backward"])
def test_a_million_instants_take_little_more_than_their_output(shenzhen, how, order):
    sun = Sun(shenzhen, how=how)
    utc = (np.datetime64("2025-01-01", "us") + np.arange(1_000_000) * np.timedelta64(30, "s"))[::order]
    sun.angles(utc[:9000])
    tracemalloc.start()
    try:
        angles = sun.angles(utc)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - angles.azimuth_deg.nbytes - angles.elevation_deg.nbytes < 8 * 2**20


def test_numba_is_started_when_its_start_has_paid():
    done = subprocess.run([sys.executable, "-c", AUTO], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


@pytest.fixture
def no_numba(monkeypatch):
    monkeypatch.setattr(compiled, "available", lambda: False)
    monkeypatch.setattr(compiled, "loaded", lambda: False)
    monkeypatch.setattr(compiled, "WORK", compiled.Work())
    monkeypatch.setattr(compiled, "NUMBA_PAYS", 10)


@pytest.mark.usefixtures("no_numba")
def test_without_numba_everything_works_by_numpy(shenzhen):
    utc = np.datetime64("2025-01-01", "us") + np.arange(100) * np.timedelta64(1, "h")
    np.testing.assert_array_equal(
        Sun(shenzhen).angles(utc).azimuth_deg, Sun(shenzhen, how="numpy").angles(utc).azimuth_deg
    )
    with pytest.raises(ValueError, match=r"install sunflower-tracker\[fast\]"):
        Sun(shenzhen, how="numba")


def test_where_nothing_can_be_kept_numba_compiles_for_this_process(monkeypatch):
    """Numba refuses with a RuntimeError when neither the package nor the home can be written to."""
    asked = []

    def compile_or_refuse(_, cache):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function")
        return "compiled"

    monkeypatch.setattr(compiled, "_compile", compile_or_refuse)
    assert compiled.load.__wrapped__() == "compiled"
    assert asked == [True, False]
