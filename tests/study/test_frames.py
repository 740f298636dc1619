"""Tables for notebooks have the numbers of the JSON."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from tracker.study import to_json_dict
from tracker.study.frames import to_frames


@pytest.fixture(scope="module")
def comparison(comparison_of):
    return comparison_of("shenzhen")


@pytest.fixture(scope="module")
def frames(comparison):
    return to_frames(comparison)


@pytest.fixture(scope="module")
def document(comparison):
    return to_json_dict(comparison)


def test_mountings_are_the_jsons(frames, document):
    table = frames["mountings"]
    assert list(table.index) == [row["name"] for row in document["mountings"]]
    for row in document["mountings"]:
        for column in table.columns.drop("axes"):
            told = table.loc[row["name"], column]
            assert told == row[column] if column in row else pd.isna(told), (row["name"], column)


def test_months_and_intervals_add_up_to_the_year(frames, comparison):
    for row in comparison.mountings:
        assert frames["monthly"][row.name].sum() == pytest.approx(row.net_kwh, rel=1e-12)
        assert frames["net"][row.name].sum() / 1000.0 == pytest.approx(row.net_kwh, rel=1e-12)
    assert list(frames["monthly"].index) == list(range(1, 13))


def test_intervals_are_by_their_centre_with_a_zone(frames, comparison):
    index = frames["net"].index
    assert str(index.tz) == "UTC"
    assert np.array_equal(index.tz_localize(None).to_numpy(), comparison.weather.utc)


def test_steps_keep_their_order_and_are_unknown_where_an_effect_is_not_modelled(frames, document):
    table = frames["steps"]
    assert table.index[0] == "facing"
    assert table.index[-1] == "drive"
    for row in document["mountings"]:
        told = {name: kwh for name, kwh in table[row["name"]].items() if not pd.isna(kwh)}
        assert told == {step["name"]: step["kwh"] for step in row["steps"]}


def test_gains_and_causes_are_found_by_their_pair(frames, document):
    for gain in document["gains"]:
        pair = gain["of"], gain["over"]
        for column in frames["gains"].columns:
            assert frames["gains"].loc[pair, column] == gain[column]
        causes = frames["causes"].loc[pair]
        assert list(causes.index) == [effect["cause"] for effect in gain["causes"]]
        assert list(causes["low_points"]) == [effect["low_points"] for effect in gain["causes"]]
        assert np.all(causes["sigma_points"] > 0.0)


def test_tables_live_outside_what_compare_loads():
    """Pandas takes longer to load than a comparison takes."""
    code = "import sys, tracker.study; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
