"""Net gains against NREL's PVWatts v8 as the benchmark runs it (docs/decisions/0005 says why they differ)."""

import importlib.util
import sys
from pathlib import Path

import pytest

ASKED_POINTS = 1.0
WITHOUT_OPTICS_POINTS = 0.3  # light, temperature, modules and inverter alone
BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "yield_vs_pysam.py"


@pytest.fixture(scope="module")
def line_of(weather_of):
    spec = importlib.util.spec_from_file_location("yield_vs_pysam", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    lines = {}

    def find(place, over):
        if place not in lines:
            lines[place] = {line.over: line for line in module.lines_of(place, weather_of(place))}
        return lines[place][over]

    yield find
    del sys.modules[spec.name]


@pytest.mark.parametrize(
    ("place", "over"), [("shenzhen", "flat"), ("shenzhen", "latitude_tilt"), ("phoenix", "latitude_tilt")]
)
def test_net_gain_is_within_a_point_of_pvwatts(line_of, place, over):
    line = line_of(place, over)
    assert line.ours_percent == pytest.approx(line.pvwatts_percent, abs=ASKED_POINTS)
    assert line.pvwatts_percent > 15.0


@pytest.mark.parametrize("place", ["shenzhen", "phoenix"])
@pytest.mark.parametrize("over", ["flat", "latitude_tilt", "single_axis_45"])
def test_cover_and_spectrum_are_all_that_separates_us_from_pvwatts(line_of, place, over):
    line = line_of(place, over)
    assert line.ours_bare_percent == pytest.approx(line.pvwatts_bare_percent, abs=WITHOUT_OPTICS_POINTS)
