"""What a comparison loads and keeps makes it quick, and changes nothing in its answer."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {"typer", "pydantic", "rich", "scipy", "pandas", "pvlib", "numba", "matplotlib", "jinja2", "numpy.ma"}
RUN = """
import sys
from tracker.app.cli.main import main
code = main(sys.argv[1:])
sys.stderr.write(" ".join(sys.modules))
sys.exit(code)
"""
NOON = "2025-03-20T12:00Z"
RUN_TO_ITS_END = """
import atexit, os, sys
from tracker.app.cli.main import run
tell = lambda: [
    "numpy" in sys.modules, os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task"))
]
atexit.register(lambda: print(*tell(), file=sys.stderr))
run()
"""
BASELINES = ("flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing")


@pytest.fixture
def started(tmp_path):
    """Start a comparison of these mountings; its process."""

    def start(mountings, cache):
        text = f'[comparison]\nmountings = {json.dumps(list(mountings))}\nclaim_over = "best_fixed"\n'
        (tmp_path / "site.toml").write_text(text)
        return subprocess.Popen(
            [sys.executable, "-c", RUN, "compare", "site.toml", "--json"],
            cwd=tmp_path,
            env={"SUNFLOWER_CACHE": cache, "PYTHONPATH": ":".join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.parametrize("mountings", [BASELINES, (*BASELINES, "sunflower")], ids=["five", "sunflower"])
def test_a_warm_comparison_loads_nothing_heavy_and_answers_the_same(started, tmp_path, mountings):
    plain, _ = started(mountings, "").communicate()
    at_once = [started(mountings, str(tmp_path / "cache")) for _ in range(2)]
    assert [cold.communicate()[0] for cold in at_once] == [plain, plain]
    warm, loaded = started(mountings, str(tmp_path / "cache")).communicate()
    assert warm == plain
    assert json.loads(warm)["mountings"][-1]["name"] == mountings[-1]
    assert HEAVY & set(loaded.split()) == set()


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_no_threads_of_blas_are_started_unless_somebody_asks_for_them(tmp_path, given, threads):
    """What numpy reads when it is loaded, and how many threads there are when the work is done."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_TO_ITS_END, "sun", "--latitude", "0", "--longitude", "0", "--utc", NOON],
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path), **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.split() == ["True", threads, str(min(int(threads), len(os.sched_getaffinity(0))))]


def test_a_comparison_follows_what_the_site_file_says(started, tmp_path):
    cache = str(tmp_path / "cache")
    answers = [
        started(mountings, cache).communicate()[0] for mountings in (BASELINES, BASELINES[1:], BASELINES)
    ]
    assert [len(json.loads(answer)["mountings"]) for answer in answers] == [5, 4, 5]
    assert answers[0] == answers[2]
