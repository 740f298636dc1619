"""The rules of a run as the journal keeps them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from calibration import PointingModel
from tracker.aiming.facing import AsDrawn
from tracker.aiming.shade_avoidance import AimTable
from tracker.app.assemble import rules_for
from tracker.app.config import default_plant, load_site
from tracker.app.field.rules_record import rules_from_json, rules_to_json
from tracker.errors import InvalidInput
from tracker.frames import enu_from_azel


@pytest.fixture
def hilly(tmp_path):
    (tmp_path / "horizon.csv").write_text("azimuth_deg,elevation_deg\n90,12.3456789012345\n200,0.1\n")
    (tmp_path / "site.toml").write_text('[site]\nhorizon = "horizon.csv"\n')
    return load_site(tmp_path / "site.toml")


def test_rules_with_a_horizon_come_back_to_the_last_bit(hilly):
    rules = rules_for(hilly, AsDrawn())
    again = rules_from_json(rules_to_json(rules))
    np.testing.assert_array_equal(again.horizon.azimuth_deg, hilly.horizon.azimuth_deg)
    np.testing.assert_array_equal(again.horizon.elevation_deg, hilly.horizon.elevation_deg)
    assert (again.limits, again.safety) == (rules.limits, rules.safety)
    assert again.hidden_for_s == rules.hidden_for_s
    assert rules_to_json(again) == rules_to_json(rules)


def test_rules_without_one_come_back_without_one():
    pointing = PointingModel(terms=("IA", "IE"), values_deg=np.array([[0.1, -0.2]]))
    rules = rules_for(default_plant(), pointing)
    again = rules_from_json(rules_to_json(rules))
    assert again.horizon is None
    assert rules_to_json(again) == rules_to_json(rules)


def test_rules_from_before_there_were_horizons_are_read_as_they_were_meant():
    document = json.loads(rules_to_json(rules_for(default_plant(), AsDrawn())))
    del document["horizon"], document["hidden_for_s"]
    assert rules_from_json(json.dumps(document)).horizon is None


@pytest.mark.parametrize(
    "horizon", [{"azimuth_deg": [9.0, 3.0], "elevation_deg": [0.0, 0.0]}, {"azimuth_deg": [9.0]}, [1.0]]
)
def test_a_horizon_that_is_none_is_refused(hilly, horizon):
    document = json.loads(rules_to_json(rules_for(hilly, AsDrawn())))
    with pytest.raises(InvalidInput, match="the journal's rules cannot be read"):
        rules_from_json(json.dumps({**document, "horizon": horizon}))


@pytest.mark.parametrize("heads", [(), (3,)])
def test_where_heads_look_past_the_sun_comes_back_to_the_last_bit(heads):
    rng = np.random.default_rng(5)
    table = AimTable(
        latitude_deg=22.6097,
        declination_deg=np.linspace(-24.0, 24.0, 4),
        hour_deg=np.linspace(-90.0, 90.0, 5),
        past_sun_deg=rng.normal(0.0, 20.0, (4, 5, *heads, 2)),
    )
    rules = replace(rules_for(default_plant(), AsDrawn()), avoidance=table)
    again = rules_from_json(rules_to_json(rules))
    sun = enu_from_azel(np.array([100.0, 200.0]), np.array([20.0, 50.0]))
    np.testing.assert_array_equal(again.avoidance.normals(sun), table.normals(sun))


def test_rules_of_journals_from_before_know_of_no_avoidance():
    document = json.loads(rules_to_json(rules_for(default_plant(), AsDrawn())))
    del document["avoidance"]
    assert rules_from_json(json.dumps(document)).avoidance is None
