"""A journal as CSV and as Parquet: the same rows, whole or not at all."""

import contextlib
import importlib.util
import json
import sqlite3

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.app.text import journal_tables
from tracker.control.journal import Journal
from tracker.decision.states import Event, State
from tracker.decision.values import Decision, Inputs, Order, Request
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings

TABLES = ("event", "tick", "head")
START = np.datetime64("2025-03-20T01:30", "ms")


def inputs(gust_m_s, *requests):
    """Two heads, of which one has never been heard."""
    no, heard = np.zeros(2, dtype=bool), np.array([True, False])
    return Inputs(
        sun_enu=np.array([0.6, 0.0, 0.8]),
        aim_enu=np.array([0.6, 1e-17, 0.8]),
        gust_m_s=gust_m_s,
        wind_age_s=0.5,
        heads=HeadReadings(
            azimuth_deg=np.array([90.0 + 1e-13, np.nan]),
            elevation_deg=np.array([45.0, np.nan]),
            trusted=heard,
            moving=heard,
            homing=no,
            emergency=no,
            enabled=heard,
            held=no,
            wind_contact=no,
            folded=no,
            fault=np.array([0, 7]),
            silent_s=np.array([0.0, np.inf]),
        ),
        requests=requests,
    )


def decision(reason):
    return Decision(
        states=np.array([State.TRACKING, State.STARTING], dtype=np.int8),
        reason=np.array([reason, -1], dtype=np.int8),
        orders=np.array([Order.MOVE, Order.STOP], dtype=np.int8),
        target=AxisPose(azimuth_deg=np.array([91.0, np.nan]), elevation_deg=np.array([44.0, np.nan])),
        limited=np.array([False, True]),
        settled=np.array([True, False]),
        leaning=np.array([0.25, 0.0]),
    )


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "journal.sqlite"
    jog = Request(event=Event.JOG, heads=(0,), azimuth_deg=12.5)
    with Journal(path, heads=("H01", "H02"), meta={}) as record:
        record.write(0.0, START, inputs(np.nan), decision(Event.SUN_UP))
        record.write(10.0, START + np.timedelta64(10_001, "ms"), inputs(3.25, jog), decision(-1))
    return path


@pytest.fixture
def exported(journal, tmp_path, inside):
    """`exported(*options)`: the folder that the command wrote."""

    def run(*options):
        code, out, _ = inside("export", journal, "--out", tmp_path / "out", "--json", *options)
        assert code == 0
        files = json.loads(out)["files"]
        assert set(files.values()) <= {str(path) for path in (tmp_path / "out").iterdir()}
        return tmp_path / "out"

    return run


def test_csv_has_names_for_numbers_and_nothing_for_what_is_not_known(exported):
    folder = exported()
    assert (folder / "event.csv").read_text().splitlines() == [
        "tick,utc,head,became,why",
        "0,2025-03-20T01:30:00.000Z,H01,TRACKING,SUN_UP",
    ]
    columns, *rows = (folder / "head.csv").read_text().splitlines()
    assert columns.startswith(
        "tick,head,azimuth_deg,elevation_deg,flags,fault,silent_s,state,reason,command,"
    )
    assert rows[:2] == [
        "0,H01,90.0000000000001,45.0,trusted moving enabled,0,0.0,TRACKING,SUN_UP,MOVE,91.0,44.0,0,1,0.25",
        "0,H02,,,,7,inf,STARTING,,STOP,,,1,0,0.0",
    ]


@pytest.mark.parametrize("at_a_time", [1, 1000])
@pytest.mark.parametrize("table", TABLES)
def test_parquet_holds_the_rows_of_the_csv_to_the_last_bit(exported, monkeypatch, table, at_a_time):
    csv = pd.read_csv(exported() / f"{table}.csv")
    monkeypatch.setattr(journal_tables, "ROWS_AT_A_TIME", at_a_time)
    parquet = pd.read_parquet(exported("--parquet") / f"{table}.parquet")
    if "utc" in csv:
        csv["utc"] = pd.to_datetime(csv["utc"], format="ISO8601")
    pd.testing.assert_frame_equal(
        parquet.replace("", np.nan), csv, check_dtype=False, check_exact=True, check_names=True
    )


def test_parquet_has_types_also_where_nothing_is_known(exported):
    folder = exported("--parquet")
    kinds = {table: pq.read_schema(folder / f"{table}.parquet") for table in TABLES}
    assert kinds["tick"].field("utc").type == pa.timestamp("ms", "UTC")
    assert kinds["tick"].field("gust_m_s").type == pa.float64()
    assert kinds["event"].field("tick").type == pa.int64()
    assert kinds["head"].field("target_azimuth_deg").type == pa.float64()
    assert kinds["head"].field("state").type == pa.string()


def test_a_journal_without_a_tick_has_tables_without_rows(tmp_path, inside):
    journal = tmp_path / "empty.sqlite"
    with Journal(journal, heads=("H01",), meta={}):
        pass
    assert inside("export", journal, "--out", tmp_path, "--parquet")[0] == 0
    assert {len(pd.read_parquet(tmp_path / f"{table}.parquet")) for table in TABLES} == {0}


def test_without_pyarrow_it_is_said_what_to_install_and_nothing_is_written(
    journal, tmp_path, inside, monkeypatch
):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find(name))
    code, out, err = inside("export", journal, "--out", tmp_path / "out", "--parquet")
    assert (code, out) == (2, "")
    assert "pip install 'sunflower-tracker[fleet]'" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [[], ["--parquet"]])
def test_a_journal_with_one_damaged_table_gives_none(journal, tmp_path, inside, options):
    with contextlib.closing(sqlite3.connect(journal)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'head'").fetchone()
        (page_bytes,) = db.execute("PRAGMA page_size").fetchone()
    with journal.open("r+b") as file:
        file.seek((page - 1) * page_bytes)
        file.write(b"\xff" * page_bytes)
    code, out, err = inside("export", journal, "--out", tmp_path / "out", *options)
    assert (code, out) == (2, "")
    assert f"{journal}: not a journal of sunflower, or a damaged one" in err
    assert not (tmp_path / "out").exists()
