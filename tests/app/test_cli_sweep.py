"""sunflower sweep as people run it: results, resuming, refusing."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

POLLS, POLL_MS = 20_000, 3
MANY = 150  # sites, a part each: the third one is not near the end
FILES = 10  # of weather, in turn
FEW_SITES = 50
A_ROW_OF_THE_TABLE_KB = 10.0  # its text, its place; the hour's weather of one site alone is 400 KB a year

SITE = """
[site]
latitude_deg = 22.5
longitude_deg = 114.0
[array]
heads = 1
[comparison]
mountings = ["flat", "best_fixed", "two_axis_sun_facing"]
"""


@pytest.fixture
def folder(tmp_path):
    """A site file, and `count` sites with a day or more of weather each."""

    def make(count, days=1, **tables):
        hours = np.arange(24 * days)
        light = np.maximum(np.sin((hours % 24 - 22.5) / 24.0 * 2.0 * np.pi), 0.0)
        utc = np.datetime64("2022-06-01T00:30:00", "s") + hours * np.timedelta64(1, "h")
        lines = ["name,latitude_deg,longitude_deg,altitude_m,weather"]
        for i in range(min(count, FILES)):
            bright = light * (0.5 + 0.5 * i / FILES)
            columns = {"utc": utc, "temp_air_c": np.full(hours.size, 25.0)}
            columns |= {"ghi_w_m2": 900 * bright, "dni_w_m2": 600 * bright, "dhi_w_m2": 300 * bright}
            pq.write_table(pa.table(columns), tmp_path / f"w{i}.parquet")
        lines += [f"S{i},22.5,114.0,10,w{i % FILES}.parquet" for i in range(count)]
        (tmp_path / "sites.csv").write_text("\n".join(lines) + "\n")
        (tmp_path / "site.toml").write_text(tables.get("site", SITE))
        return tmp_path

    return make


def arguments(folder, *more, out="out", chunk=1, jobs=1):
    given = [folder / "site.toml", "--sites", folder / "sites.csv", "--out", folder / out]
    return ["sweep", *given, "--chunk", chunk, "--jobs", jobs, *more]


def parts(out):
    return {file.name: file.read_bytes() for file in sorted((out / "rows").iterdir())}


def test_rows_land_in_parquet_one_file_a_chunk(folder, inside):
    here = folder(5)
    code, out, _ = inside(*arguments(here, "--json", chunk=2))
    document = json.loads(out)
    assert code == 0
    assert document["chunks"] == {"total": 3, "found": 0, "computed": 3}
    table = ds.dataset(here / "out" / "rows").to_table()
    assert (table.num_rows, document["rows"]) == (15, 15)
    assert len(parts(here / "out")) == 3
    assert table.column("site").to_pylist()[::3] == ["S0", "S1", "S2", "S3", "S4"]


def test_what_there_is_one_of_is_told_as_one(folder, inside):
    _, out, _ = inside(*arguments(folder(1), "--mounting", "flat"))
    assert "1 row: 1 site x 1 set of parameters x 1 mounting (1 chunk computed, 0 found)" in out
    _, out, _ = inside(*arguments(folder(2), "--set", "site.albedo=0.1,0.3", out="more"))
    assert "12 rows: 2 sites x 2 sets of parameters x 3 mountings (2 chunks computed, 0 found)" in out


def test_a_second_call_computes_nothing(folder, inside):
    here = folder(3)
    inside(*arguments(here))
    before = {file.name: file.stat().st_ino for file in (here / "out" / "rows").iterdir()}
    _, out, _ = inside(*arguments(here, "--json"))
    assert json.loads(out)["chunks"] == {"total": 3, "found": 3, "computed": 0}
    assert {file.name: file.stat().st_ino for file in (here / "out" / "rows").iterdir()} == before


def test_missing_damaged_and_outdated_parts_alone_are_computed(folder, inside):
    here = folder(4)
    inside(*arguments(here))
    whole = parts(here / "out")
    rows = here / "out" / "rows"
    (rows / "part-000000.parquet").unlink()
    (rows / "part-000001.parquet").write_bytes(whole["part-000001.parquet"][:100])
    (rows / "part-000002.parquet").write_bytes(whole["part-000003.parquet"])
    _, out, _ = inside(*arguments(here, "--json"))
    assert json.loads(out)["chunks"] == {"total": 4, "found": 1, "computed": 3}
    assert parts(here / "out") == whole


def test_parameters_multiply_and_become_columns(folder, inside):
    here = folder(1)
    more = ("--set", "site.albedo=0.1,0.3", "--set", "pv.dc_ac_ratio=1.1,1.3", "--mounting", "flat")
    code, _, _ = inside(*arguments(here, *more))
    rows = ds.dataset(here / "out" / "rows").to_table().to_pylist()
    assert code == 0
    assert [(row["site.albedo"], row["pv.dc_ac_ratio"]) for row in rows] == [
        (0.1, 1.1), (0.1, 1.3), (0.3, 1.1), (0.3, 1.3),
    ]  # fmt: skip


def test_a_plan_file_says_it_all_and_its_errors_keep_their_lines(folder, inside):
    plan = '[sweep]\nsites = "sites.csv"\nmountings = ["flat"]\n[sweep.set]\n"site.albedo" = [0.1, 0.3]\n'
    here = folder(2, site=plan + SITE)
    code, out, _ = inside("sweep", here / "site.toml", "--out", here / "out", "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["sites"], document["mountings"]) == (2, ["flat"])
    assert document["variants"] == [{"site.albedo": 0.1}, {"site.albedo": 0.3}]
    folder(2, site=plan + "[site]\nalbedo = 7\n")
    code, _, err = inside("sweep", here / "site.toml", "--out", here / "out")
    assert code == 2
    assert "line 7: site.albedo" in err


def test_without_sites_the_parameters_of_the_site_itself_are_swept(folder, inside):
    here = folder(1)
    (here / "site.toml").write_text(SITE + '[weather]\nsource = "climate:shenzhen"\n')
    given = ("--set", "site.albedo=0.1,0.3", "--mounting", "flat", "--out", here / "out", "--json")
    code, out, _ = inside("sweep", here / "site.toml", *given)
    assert code == 0
    assert json.loads(out)["rows"] == 2


def test_a_grid_takes_the_sites_climate_along(folder, inside):
    here = folder(1)
    given = (
        "--grid",
        "22:23:1,114:114:1",
        "--mounting",
        "flat",
        "--out",
        here / "out",
        "--json",
        "--jobs",
        "1",
    )
    code, out, _ = inside("sweep", here / "site.toml", *given)
    assert (code, json.loads(out)["sites"]) == (0, 2)
    rows = ds.dataset(here / "out" / "rows").to_table().to_pylist()
    assert [row["site"] for row in rows] == ["22N 114E", "23N 114E"]
    assert all("climate:shenzhen moved" in row["weather"] for row in rows)
    code, _, err = inside("sweep", here / "site.toml", *given, "--sites", here / "sites.csv")
    assert code == 2
    assert "drop one of them" in err


def test_a_sweep_under_a_clear_sky_says_that_it_is_an_upper_bound(folder, inside):
    here = folder(1)
    grid = ("--grid", "22:23:1,114:114:1", "--weather", "clear-sky", "--mounting", "flat", "--jobs", "1")
    given = ("sweep", here / "site.toml", *grid, "--out", here / "out", "--report", here / "page.html")
    _, out, _ = inside(*given, "--json")
    document = json.loads(out)
    assert document["clear_sky_sites"] == 2
    assert document["says"].endswith(", clear sky: an upper bound.")
    _, text, _ = inside(*given)
    assert document["says"] in text
    assert "clear sky: an upper bound." in (here / "page.html").read_text()


def test_a_sweep_under_clouds_is_no_upper_bound_and_some_sites_may_be(folder, inside):
    here = folder(1)
    with (here / "sites.csv").open("a") as table:
        table.write("above,22.5,114.0,10,clear-sky\n")
    document = json.loads(inside(*arguments(here, "--json"))[1])
    assert document["clear_sky_sites"] == 1
    assert document["says"].endswith(", clear sky: an upper bound at 1 of them.")
    folder(1)
    document = json.loads(inside(*arguments(here, "--json", out="clouds"))[1])
    assert document["clear_sky_sites"] == 0
    assert "clear sky" not in document["says"]


def test_the_page_and_the_document_say_what_the_rows_say(folder, inside):
    here = folder(3)
    code, out, _ = inside(*arguments(here, "--report", here / "page.html", "--json"))
    document = json.loads(out)
    rows = ds.dataset(here / "out" / "rows").to_table().to_pylist()
    flat = [row["net_kwh_per_kwp"] for row in rows if row["mounting"] == "flat"]
    assert code == 0
    assert document["net_kwh_per_kwp"][0] == {
        "mounting": "flat",
        "lowest": min(flat),
        "median": sorted(flat)[1],
        "highest": max(flat),
    }
    assert document["says"] in (here / "page.html").read_text()
    code, _, err = inside(*arguments(here, "--report", here / "sites.csv"))
    assert code == 2
    assert "the command reads this file" in err


def test_another_plan_is_not_mixed_in(folder, inside):
    here = folder(2)
    inside(*arguments(here))
    before = parts(here / "out")
    code, _, err = inside(*arguments(here, "--set", "site.albedo=0.5"))
    assert code == 2
    assert "holds a sweep of another plan" in err
    assert "name another --out" in err
    assert parts(here / "out") == before


def test_a_folder_at_work_is_not_shared(folder, inside):
    import fcntl

    here = folder(1)
    (here / "out").mkdir()
    with (here / "out" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, err = inside(*arguments(here))
    assert code == 2
    assert "another sweep is at work here" in err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--set", "array.spacing=6"), "did you mean spacing_m"),
        (("--set", "spacing_m=6"), "give SECTION.KEY"),
        (("--set", "array.spacing_m"), "give KEY=VALUE"),
        (("--set", "array.spacing_m=0.01"), "array.spacing_m"),
        (("--mounting", "flatt"), "flatt"),
        (("--sites", "nowhere.csv"), "nowhere.csv: cannot be read"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(folder, inside, more, says):
    code, _, err = inside(*arguments(folder(1), *more))
    assert code == 2
    assert says in err


def test_a_site_without_its_weather_ends_with_2_before_anything_is_computed(folder, inside):
    here = folder(3)
    aside = (here / "w1.parquet").rename(here / "aside")
    code, _, err = inside(*arguments(here))
    assert code == 2
    assert "place S1: weather w1.parquet: no such file" in err
    assert not (here / "out").exists()
    aside.rename(here / "w1.parquet")
    assert inside(*arguments(here))[0] == 0


def test_a_place_that_cannot_be_written_ends_with_5(folder, inside):
    here = folder(1)
    (here / "file").write_text("no folder")
    code, _, err = inside(*arguments(here, out="file/out"))
    assert code == 5
    assert "cannot be written" in err


def test_a_full_disk_ends_with_5_and_what_is_there_stays(folder, sunflower):
    """The limit on file sizes stands for the disk: the parts fit, all rows in one part do not."""
    import resource

    here = folder(40)
    assert sunflower(*arguments(here, out="small", chunk=40)).returncode == 0
    size = (here / "small" / "rows" / "part-000000.parquet").stat().st_size

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - 100, size - 100))

    done = sunflower(*arguments(here, chunk=40), preexec_fn=limit)
    assert done.returncode == 5, done.stderr
    assert "cannot be written" in done.stderr
    assert list((here / "out" / "rows").iterdir()) == []


def test_the_library_that_is_missing_is_named(folder, inside, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find(name))
    code, _, err = inside(*arguments(folder(1)))
    assert code == 2
    assert "pip install 'sunflower-tracker[fleet]'" in err


def test_two_processes_give_the_bytes_of_one(folder, inside):
    here = folder(6)
    assert inside(*arguments(here, out="one"))[0] == 0
    assert inside(*arguments(here, out="two", jobs=2))[0] == 0
    assert parts(here / "one") == parts(here / "two")


def eventually(holds):
    """Ask again until it holds; what it gave."""
    poll = select.poll()
    for _ in range(POLLS):
        if value := holds():
            return value
        poll.poll(POLL_MS)
    raise AssertionError("it never came to hold")


def members(group):
    """Processes of a group that still run."""
    stats = [stat.rpartition(") ")[2].split() for stat in map(text_of, Path("/proc").glob("[0-9]*/stat"))]
    return [fields for fields in stats if fields and fields[2] == str(group) and fields[0] != "Z"]


def text_of(file):
    try:
        return file.read_text()
    except OSError:
        return ""


@pytest.fixture
def begun():
    """The command as a process of its own group, stopped after its first parts: (process, parts so far)."""
    groups = []

    def begin(given, out, some):
        code = "from tracker.app.cli.main import run; run()"
        command = [sys.executable, "-c", code, *map(str, given)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
        groups.append(process)
        eventually(lambda: process.poll() or len(list((out / "rows").glob("part-*"))) >= some)
        process.send_signal(signal.SIGSTOP)
        return process, {file.name: file.stat().st_ino for file in (out / "rows").glob("part-*")}

    yield begin
    for process in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def test_killed_in_the_middle_it_goes_on_and_ends_the_same(folder, begun, inside):
    here = folder(MANY, days=20)
    given = arguments(here, "--mounting", "best_fixed", jobs=2)
    process, before = begun(given, here / "out", some=3)
    process.kill()
    assert 3 <= len(before) < MANY
    eventually(lambda: not members(process.pid))  # no worker outlives it
    code, out, _ = inside(*given, "--json")
    assert code == 0
    assert json.loads(out)["chunks"] == {
        "total": MANY,
        "found": len(before),
        "computed": MANY - len(before),
    }
    after = {file.name: file.stat().st_ino for file in (here / "out" / "rows").iterdir()}
    assert before.items() <= after.items()  # what was finished is untouched
    inside(*arguments(here, "--mounting", "best_fixed", out="whole"))
    assert parts(here / "out") == parts(here / "whole")


def test_interrupted_it_says_how_to_go_on(folder, begun, inside):
    here = folder(MANY, days=20)
    given = arguments(here, "--mounting", "best_fixed", jobs=2)
    process, before = begun(given, here / "out", some=1)
    os.killpg(process.pid, signal.SIGINT)  # a terminal's Ctrl-C goes to all of them
    process.send_signal(signal.SIGCONT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert "give the same command again" in err
    assert "Traceback" not in err
    eventually(lambda: not members(process.pid))
    _, out, _ = inside(*given, "--json")
    chunks = json.loads(out)["chunks"]
    assert chunks["found"] >= len(before)
    assert chunks["found"] + chunks["computed"] == MANY


def test_memory_does_not_grow_with_the_number_of_sites(folder, tmp_path):
    """Peak resident memory of the whole command, its work done in it."""
    code = (
        "import resource, sys; from tracker.app.cli.main import main; status = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(status)"
    )
    here, peaks_kb = folder(FEW_SITES), {}
    header, *lines = (here / "sites.csv").read_text().splitlines()
    for sites in (FEW_SITES, 8 * FEW_SITES):
        many = [line.replace("S", f"R{i}S", 1) for i in range(sites // FEW_SITES) for line in lines]
        (here / "sites.csv").write_text("\n".join([header, *many]) + "\n")
        given = arguments(here, "--json", "--mounting", "flat", out=f"out{sites}", chunk=5)
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, given)], capture_output=True, text=True, check=True
        )
        peaks_kb[sites] = int(done.stdout.splitlines()[-1])
    growth_kb_a_site = (peaks_kb[8 * FEW_SITES] - peaks_kb[FEW_SITES]) / (7 * FEW_SITES)
    assert growth_kb_a_site < A_ROW_OF_THE_TABLE_KB
