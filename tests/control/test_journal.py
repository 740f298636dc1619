import contextlib
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from tracker.app.field.rules_record import rules_from_json, rules_to_json
from tracker.control.journal import Journal
from tracker.control.record import open_record, read_changes, read_meta, read_ticks
from tracker.control.replay import replay as decide_again
from tracker.decision.states import Event
from tracker.decision.values import DiffuseRules, Request, Rules
from tracker.errors import InvalidInput, OutputFailed
from tracker.plant import Horizon
from tracker.study.driven.sky_table import sky_table

HEADS = ("H01", "H02")


@pytest.fixture
def recorded(tmp_path, field_of):
    """A journal of a quarter of an hour with a gust, a stop, and a head that nobody hears."""
    path = tmp_path / "journal.sqlite"
    with Journal(path, heads=HEADS, meta={"site": "test"}) as journal:
        field = field_of(journal=journal)
        field.run(60)
        field.run(1, Request(event=Event.STOP, heads=(1,)))
        field.wind.gust_m_s = 13.0
        field.run(20)
        field.run(5, Request(event=Event.JOG, heads=(0,), azimuth_deg=12.5, elevation_deg=45.0))
    return path


def ticks_of(path):
    with open_record(path) as db:
        return list(read_ticks(db))


def test_the_record_says_what_changed_and_why(recorded):
    with open_record(recorded) as db:
        changes = [(c.head, c.became, c.why) for c in read_changes(db)]
        assert read_meta(db)["site"] == "test"
    assert ("H02", "STOPPED", "STOP") in changes
    assert ("H01", "STOWING", "WIND_HIGH") in changes
    assert ("H02", "STOWING", "WIND_HIGH") not in changes


def test_numbers_come_back_to_the_last_bit(tmp_path, field_of):
    path = tmp_path / "journal.sqlite"
    with Journal(path, heads=HEADS, meta={}) as journal:
        field = field_of(journal=journal)
        inputs, decision = field.run(7)
    last = ticks_of(path)[-1]
    np.testing.assert_array_equal(last.inputs.sun_enu, inputs.sun_enu)
    np.testing.assert_array_equal(last.inputs.heads.azimuth_deg, inputs.heads.azimuth_deg)
    np.testing.assert_array_equal(last.decision.target.elevation_deg, decision.target.elevation_deg)
    assert last.utc == np.datetime64("2025-03-20T05:01:00")


def test_a_journal_replays_to_the_same_decisions(recorded, rules):
    assert len(ticks_of(recorded)) == 86
    assert list(decide_again(ticks_of(recorded), rules)) == []


def test_other_rules_replay_to_other_decisions(recorded, rules):
    looser = Rules(limits=rules.limits, safety=rules.safety, pointing=rules.pointing, dead_band_deg=0.5)
    different = list(decide_again(ticks_of(recorded), looser))
    assert different
    assert different[0].recorded != different[0].decided


def test_a_morning_behind_a_ridge_replays_with_its_skyline_and_not_without(tmp_path, field_of, rules):
    """The equinox sun rises at 22:26 UTC and over 10 deg of ridge three quarters of an hour later."""
    ridge = Horizon(azimuth_deg=np.array([90.0, 270.0]), elevation_deg=np.array([10.0, 0.0]))
    behind = replace(rules, horizon=ridge)
    path = tmp_path / "journal.sqlite"
    with Journal(path, heads=HEADS, meta={}) as journal:
        field_of(journal=journal, rules=behind, start="2025-03-19T22:00", tick_s=60.0).run(120)
    ticks = ticks_of(path)
    with open_record(path) as db:
        (began,) = [c.utc for c in read_changes(db) if (c.head, c.became) == ("H01", "TRACKING")]
    assert "2025-03-19T23:10" < began < "2025-03-19T23:20"
    assert list(decide_again(ticks, behind)) == []
    assert list(decide_again(ticks, rules))


def test_an_overcast_afternoon_says_why_heads_lie_flatter_and_replays(tmp_path, field_of, rules):
    """Clouds after half an hour, a lost sensor after two: light, leaning and both turns are in the record."""
    cloudy = replace(rules, diffuse=DiffuseRules(table=sky_table(0.2)))
    path = tmp_path / "journal.sqlite"
    with Journal(path, heads=HEADS, meta={"rules": rules_to_json(cloudy)}) as journal:
        field = field_of(journal=journal, rules=cloudy, start="2025-03-20T06:00", tick_s=30.0)
        field.light.changes = {0.0: 850.0, 1800.0: 120.0, 7200.0: None}
        field.run(300)
    ticks = ticks_of(path)
    leaning = np.array([tick.decision.leaning for tick in ticks])
    assert leaning[50].max() == 0.0
    assert leaning[200].min() > 0.7
    assert leaning[-1].max() == 0.0
    assert ticks[100].inputs.ghi_w_m2 == 120.0
    assert np.isnan(ticks[-1].inputs.ghi_w_m2)
    with open_record(path) as db:
        told = [c.why for c in read_changes(db) if (c.head, c.became) == ("H02", "TRACKING")]
        recorded_rules = rules_from_json(read_meta(db)["rules"])
    assert told[-2:] == ["DIFFUSE", "DIRECT"]
    assert list(decide_again(ticks, recorded_rules)) == []
    assert list(decide_again(ticks, rules))


def test_a_changed_record_does_not_replay(recorded, rules):
    with contextlib.closing(sqlite3.connect(recorded)) as db, db:
        db.execute("UPDATE tick SET gust_m_s = 20.0 WHERE tick = 30")
    assert next(decide_again(ticks_of(recorded), rules)).tick == 30


def test_the_same_run_gives_the_same_file(tmp_path, field_of):
    for name in ("a", "b"):
        with Journal(tmp_path / name, heads=HEADS, meta={"site": "test"}) as journal:
            field_of(journal=journal).run(50)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_was_committed_survives_a_crash(tmp_path, field_of):
    path = tmp_path / "journal.sqlite"
    journal = Journal(path, heads=HEADS, meta={})
    field_of(journal=journal).run(40)
    copy = tmp_path / "after-the-crash.sqlite"  # what is on disk while the writer still holds the rest
    for suffix in ("", "-wal"):
        copy.with_name(copy.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    with contextlib.closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM tick").fetchone()[0] >= 32
    journal.close()


def test_an_old_journal_is_not_written_over(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"precious")
    with pytest.raises(OutputFailed, match="move it away"):
        Journal(path, heads=HEADS, meta={})
    assert path.read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(OutputFailed, match="cannot be written"):
        Journal(tmp_path / "no" / "journal.sqlite", heads=HEADS, meta={})


@pytest.mark.parametrize("content", [b"", b"not a database at all, just words" * 50, None])
def test_what_is_no_journal_is_refused(tmp_path, content):
    path = tmp_path / "journal.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"journal"), open_record(path):
        pass
