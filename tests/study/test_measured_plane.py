"""Transposition against NREL's measured planes: docs/validation.md says what it says and what it does not."""

import importlib.util
import itertools
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tracker.plant import Site
from tracker.pv.sky import TRANSPOSITIONS, isotropic
from tracker.sun import sun_position

ROOT = Path(__file__).resolve().parents[2]
PRINTED_W_M2 = 0.06  # the tables have one decimal
FACING = "facing the sun"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location(
        "transposition_rmis", ROOT / "benchmarks" / "transposition_rmis.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def scores(benchmark):
    return by_key(benchmark.scores_of(year) for year in benchmark.FILES)


@pytest.fixture(scope="module")
def on_snow(benchmark):
    return by_key(benchmark.scores_of(year, albedo=benchmark.SNOW) for year in benchmark.FILES)


def by_key(years):
    return {(score.year, score.plane, score.model): score for scores in years for score in scores}


@pytest.fixture(scope="module")
def documented():
    """The rows of the document's table: year, plane, model -> steps, measured, bias, rmse, bias on snow."""
    rows = {}
    for line in (ROOT / "docs" / "validation.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in ("2019", "2022"):
            rows[tuple(cells[:3])] = [float(cell) for cell in cells[3:8]]
    return rows


def test_the_document_has_every_models_figures_as_they_come_out_today(scores, on_snow, documented):
    assert documented.keys() == scores.keys()
    for key, (steps, measured, bias, rmse, white) in documented.items():
        score = scores[key]
        assert score.steps == steps
        found = score.measured, score.bias, score.rmse, on_snow[key].bias
        assert found == pytest.approx((measured, bias, rmse, white), abs=PRINTED_W_M2), key


def test_perez_misses_the_plane_facing_the_sun_least_and_isotropic_is_far_too_dark(scores):
    for year in ("2019", "2022"):
        perez, isotropic_, hay_davies = (
            scores[year, FACING, model] for model in ("perez", "isotropic", "hay-davies")
        )
        assert perez.rmse < 0.7 * min(isotropic_.rmse, hay_davies.rmse)
        assert abs(perez.bias) < 0.02 * perez.measured
        assert isotropic_.bias < -0.05 * isotropic_.measured


def test_one_model_in_anothers_place_would_be_noticed(scores, benchmark, monkeypatch):
    for one, other in itertools.combinations(scores, 2):
        if one[:2] == other[:2]:
            assert abs(scores[one].bias - scores[other].bias) > 4.0 > PRINTED_W_M2, (one, other)
    monkeypatch.setattr("tracker.pv.daylight.TRANSPOSITIONS", {**TRANSPOSITIONS, "perez": isotropic})
    swapped = by_key([benchmark.scores_of("2022")])
    key = ("2022", FACING, "perez")
    assert abs(swapped[key].bias - scores[key].bias) > 50.0


def test_the_place_is_the_one_of_the_files_own_zenith_angles(benchmark):
    """The file names no place; its zenith column was computed for one, with the stamps as they are."""
    folder = Path(importlib.util.find_spec("pvanalytics").submodule_search_locations[0])
    table = pd.read_csv(folder / "data" / benchmark.FILES["2019"][0])
    stamps = pd.to_datetime(table["measured_on"], format="%m/%d/%Y %H:%M").to_numpy().astype("datetime64[s]")
    site = Site(
        name="RMIS",
        latitude_deg=benchmark.LATITUDE_DEG,
        longitude_deg=benchmark.LONGITUDE_DEG,
        altitude_m=benchmark.ALTITUDE_M,
        timezone="UTC",
    )
    sun = sun_position(stamps + np.timedelta64(7, "h"), site)
    zenith_deg = table["pvlib_zenith"].to_numpy()
    assert np.max(np.abs(90.0 - sun.elevation_deg - zenith_deg)) < 1e-4
