"""How a sweep is cut into chunks."""

from pathlib import Path

import pytest

from tracker.app.sweep_plan import COMPILED, Asked, plan_from
from tracker.errors import InvalidInput
from tracker.study.sweeps.short_way import WAYS


@pytest.fixture
def plan_of(tmp_path):
    def make(sites, mountings):
        lines = ["name,latitude_deg,longitude_deg,altitude_m,weather"]
        lines += [f"S{i},22.5,114.0,10,climate:shenzhen" for i in range(sites)]
        (tmp_path / "sites.csv").write_text("\n".join(lines) + "\n")
        (tmp_path / "site.toml").write_text("")
        table = Path(tmp_path / "sites.csv")
        asked = Asked(sites=table, grid=None, weather=None, mountings=mountings, settings=(), chunk=None)
        return plan_from(tmp_path / "site.toml", asked)

    return make


def test_the_mountings_called_compiled_are_those_with_a_short_way():
    assert set(WAYS) == COMPILED


@pytest.mark.parametrize(
    ("sites", "mountings", "chunk_places"),
    [
        (1000, ("flat", "single_axis"), 100),
        (5000, ("flat", "single_axis"), 200),
        (1000, ("flat", "sunflower"), 20),
        (300, ("flat", "sunflower"), 6),
        (4, ("flat",), 1),
    ],
)
def test_quick_mountings_go_out_in_larger_chunks(plan_of, sites, mountings, chunk_places):
    assert plan_of(sites, mountings).chunk_places == chunk_places


def test_a_weather_file_that_is_not_there_is_told_with_its_place_before_anything_is_computed(
    plan_of, tmp_path
):
    plan_of(2, ("flat",))
    table = tmp_path / "sites.csv"
    table.write_text(table.read_text().replace("10,climate:shenzhen", "10,gone.parquet", 1))
    asked = Asked(sites=table, grid=None, weather=None, mountings=("flat",), settings=(), chunk=None)
    with pytest.raises(InvalidInput, match=r"sites\.csv, place S0: weather gone\.parquet: no such file"):
        plan_from(tmp_path / "site.toml", asked)
