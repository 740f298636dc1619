"""What a comparison loads and keeps makes it quick, and changes nothing in its answer."""

import json
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


def test_a_comparison_follows_what_the_site_file_says(started, tmp_path):
    cache = str(tmp_path / "cache")
    answers = [
        started(mountings, cache).communicate()[0] for mountings in (BASELINES, BASELINES[1:], BASELINES)
    ]
    assert [len(json.loads(answer)["mountings"]) for answer in answers] == [5, 4, 5]
    assert answers[0] == answers[2]
