"""The main job, end to end: what the demo promises, seen in its record and in its files."""

import contextlib
import json
from dataclasses import replace

import numpy as np
import pytest

from tracker.aiming.limits import inside
from tracker.app.assemble import heads_of_bridges, open_site
from tracker.app.config import check_site_text, default_plant, plant_of
from tracker.app.field.rules_record import rules_from_json
from tracker.app.simulation.demo import DemoFiles, run_demo
from tracker.app.simulation.hidden_truth import hidden_pointing
from tracker.control.record import open_record, read_meta, read_ticks
from tracker.control.replay import replay
from tracker.decision.states import State
from tracker.errors import InvalidInput, OutputFailed
from tracker.frames import elevation_deg
from tracker.plant import Bridge

POINTING_DEG = 0.3  # asked of every head whenever it is tracking and settled
COUNT_DEG = 1e-3  # one motor count


def silently(_title):
    return contextlib.nullcontext(lambda _done: None)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One whole demo of 19 heads, with its files."""
    files = DemoFiles.within(tmp_path_factory.mktemp("demo"))
    return run_demo(default_plant(), files, seed=1, stage=silently), files


@pytest.fixture(scope="module")
def ticks(demo):
    with open_record(demo[1].journal) as db:
        return list(read_ticks(db))


def small_plant(heads=2):
    text = f"[array]\nheads = {heads}\n[comparison]\nmountings = ['best_fixed', 'two_axis_sun_facing']\n"
    return plant_of(check_site_text(text, None), "test")


def test_every_settled_head_faces_the_sun(demo):
    error_deg = demo[0].day.settled_errors_deg()  # true normals, hidden misalignment and play included
    assert np.nanmax(error_deg) <= POINTING_DEG
    settled_share = np.isfinite(error_deg).mean(axis=0)
    assert (settled_share > 0.5).all()  # of the day's ticks; the sun is up in three of four of them


def test_calibration_is_what_makes_them_face_it(demo):
    before_deg = demo[0].commissioned.before_deg
    after_deg = demo[0].day.settled_errors_deg()
    assert np.median(before_deg) > 0.5
    assert (np.nanmedian(after_deg, axis=0) < np.median(before_deg, axis=0) / 2).all()


def test_nothing_leaves_its_limits(ticks):
    limits = default_plant().array.mount.limits
    low, high = limits.elevation_range_deg
    for tick in ticks:
        seen = tick.inputs.heads
        assert (seen.elevation_deg >= low - COUNT_DEG).all()
        assert (seen.elevation_deg <= high + COUNT_DEG).all()
        assert (np.abs(seen.azimuth_deg) <= limits.azimuth_range_deg[1] + COUNT_DEG).all()
        assert inside(tick.decision.target, limits).all()


def test_the_day_ends_in_the_night_posture(ticks):
    last = ticks[-1]
    assert {State(s) for s in last.decision.states} == {State.NIGHT}
    np.testing.assert_allclose(last.inputs.heads.elevation_deg, 90.0, atol=0.1)
    np.testing.assert_allclose(last.inputs.heads.azimuth_deg, 90.0, atol=0.1)
    assert not last.inputs.heads.moving.any()


def test_a_squall_stows_everybody_for_half_an_hour_of_calm(ticks):
    stowed_s = [t.now_s for t in ticks if (t.decision.states == State.STOWED).all()]
    gust_s = [t.now_s for t in ticks if t.inputs.gust_m_s >= 12.0]
    assert stowed_s[-1] - gust_s[-1] >= 1800.0 - 20.0
    assert all(not t.decision.settled.any() for t in ticks if t.inputs.gust_m_s >= 12.0)


def test_every_head_is_heard_in_every_tick(ticks):
    assert all(t.inputs.heads.heard.all() and t.inputs.heads.trusted.all() for t in ticks)


def test_the_journal_replays_to_the_same_decisions(demo, ticks):
    with open_record(demo[1].journal) as db:
        rules = rules_from_json(read_meta(db)["rules"])
    assert list(replay(ticks, rules)) == []


def test_the_report_and_the_comparison_say_the_same(demo):
    done, files = demo
    document = json.loads(files.comparison.read_text())
    page = files.report.read_text()
    assert document["inputs_sha256"] in page
    assert document["claim"]["verdict"] == "not supported"
    gain = next(g for g in document["gains"] if (g["of"], g["over"]) == ("sunflower", "best_fixed"))
    assert f"{gain['net_percent']:+.1f}" in page
    assert done.answer.document["claim"] == document["claim"]


def test_the_same_seed_gives_the_same_journal_to_the_byte(tmp_path):
    journals = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        files = DemoFiles.within(tmp_path / name)
        files.prepare(force=False)
        run_demo(small_plant(), files, seed=seed, stage=silently)
        journals.append(files.journal.read_bytes())
    assert journals[0] == journals[1]
    assert journals[0] != journals[2]


def test_an_earlier_demo_is_not_written_over_unasked(tmp_path):
    files = DemoFiles.within(tmp_path)
    files.report.write_text("precious")
    with pytest.raises(OutputFailed, match="--force"):
        files.prepare(force=False)
    assert files.report.read_text() == "precious"
    files.prepare(force=True)
    assert not files.report.exists()


def test_the_array_really_hangs_on_a_serial_line():
    with open_site(small_plant(), lockstep=True) as site:
        assert site.lines[0].simulator.port.startswith("/dev/pts/")
        pose = site.true_pose()
    assert pose.azimuth_deg.shape == (2,)


def test_heads_spread_over_their_bridges_in_order():
    array = default_plant().array
    two = (Bridge(port="a", protocol="native", heads={"H03": 1}), Bridge(port="b", protocol="native"))
    first, second = heads_of_bridges(array, two)
    assert first[1]["H03"] == 1
    assert first[1]["H01"] == 2  # address 1 is taken
    assert sorted([*first[1], *second[1]]) == sorted(array.names)
    assert len(set(first[1].values())) == len(first[1])


def test_a_port_on_the_command_line_cannot_mean_two_bridges():
    plant = replace(default_plant(), bridges=(Bridge(port="a", protocol="native"),) * 2)
    with pytest.raises(InvalidInput, match="any of 2"), open_site(plant, port="/dev/null"):
        pass


def test_hidden_misalignments_differ_by_head_and_seed():
    one, other = hidden_pointing(3, 1), hidden_pointing(3, 2)
    assert len(np.unique(one.values_deg[:, 0])) == 3
    assert not np.array_equal(one.values_deg, other.values_deg)
    np.testing.assert_array_equal(one.values_deg, hidden_pointing(3, 1).values_deg)


def test_behind_a_ridge_the_demo_starts_late_and_replays(tmp_path):
    """The equinox sun passes 20 deg of ridge at eight, local time, an hour and a half after its rise."""
    (tmp_path / "horizon.csv").write_text("azimuth_deg,elevation_deg\n60,20\n120,20\n121,0\n59,0\n")
    text = '[site]\nhorizon = "horizon.csv"\n[array]\nheads = 2\n'
    text += "[comparison]\nmountings = ['best_fixed', 'two_axis_sun_facing']\n"
    files = DemoFiles.within(tmp_path)
    demo = run_demo(plant_of(check_site_text(text, tmp_path), "test"), files, seed=1, stage=silently)
    with open_record(files.journal) as db:
        rules, ticks = rules_from_json(read_meta(db)["rules"]), list(read_ticks(db))
    first = next(
        t for t in ticks if (t.decision.states == State.TRACKING).all() and t.inputs.sun_enu[2] > 0.0
    )
    assert 20.5 < float(elevation_deg(first.inputs.sun_enu)) < 20.75  # a minute's tick at rest is 0.25 deg
    assert list(replay(ticks, rules)) == []
    assert "horizon" not in demo.answer.document["not_modelled"]
