"""Which petals hang on which string: from the site file into the yield."""

import json

import pytest

from tracker.app.config import check_site_text, default_plant

DENSE = """
[array]
layout = "grid"
heads = 9
spacing_m = 5.0
[comparison]
mountings = ["flat", "two_axis_sun_facing"]
claim_over = "flat"
[pv]
strings = {strings}
bypass_per_petal = {diodes}
"""
ONE = [list(range(1, 13))]
HALVES = [
    [1, 2, 3, 10, 11, 12],
    [4, 5, 6, 7, 8, 9],
]  # upper and lower: shadows come from below
EACH = [[number] for number in range(1, 13)]


def test_the_string_plan_reaches_the_panels(tmp_path):
    text = "[head]\npetals = 4\n[pv]\nstrings = [[1, 3], [2, 4]]\nbypass_per_petal = 2\ncells_per_petal = 60"
    panels = check_site_text(text, tmp_path).plant.array.panels
    assert (panels.strings, panels.bypass_per_petal, panels.cells_per_petal) == (((1, 3), (2, 4)), 2, 60)
    assert default_plant().array.panels.strings == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("strings = [[1, 2, 3], [4, 5]]", "line 4: pv.strings names petal 5 but head.petals = 4; give each"),
        ("strings = [[1, 2, 2], [3, 4, 1]]", "pv.strings names petal 1, 2 more than once; give each petal"),
        ("strings = [[1], [4]]", "pv.strings leaves out petal 2, 3; give each petal from 1 to 4 once"),
        ("strings = [[1, 2, 3, 4], []]", "pv.strings has a string without petals; remove it"),
        ("strings = [[0, 1, 2, 3, 4]]", "pv.strings[0][0] = 0 is out of range; give lists of petal numbers"),
        ("strings = [1, 2, 3, 4]", "pv.strings[0] = 1 is not a list; give lists of petal numbers"),
        ("strings = [[1, 2, 3, 4.0]]", "pv.strings[0][3] = 4.0 is not a whole number"),
        ("bypass_per_petal = 41", "pv.bypass_per_petal = 41 is more than cells_per_petal = 40; give less"),
        ("cells_per_petal = 0", "pv.cells_per_petal = 0 is out of range; give a whole number, 1 to 1000"),
    ],
)
def test_a_plan_that_no_head_can_have_is_told(tmp_path, text, says):
    told = [str(each) for each in check_site_text(f"[head]\npetals = 4\n[pv]\n{text}", tmp_path).problems]
    assert any(says in line for line in told), told


@pytest.fixture(scope="module")
def shading_kwh(sunflower, tmp_path_factory):
    """What `sunflower compare` says is left after shading in the dense field."""
    folder = tmp_path_factory.mktemp("dense")

    def run(strings, diodes=1):
        site = folder / "dense.toml"
        site.write_text(DENSE.format(strings=strings, diodes=diodes))
        done = sunflower("compare", site, "--json")
        assert done.returncode == 0, done.stderr
        rows = {row["name"]: row for row in json.loads(done.stdout)["mountings"]}
        return {step["name"]: step["kwh"] for step in rows["two_axis_sun_facing"]["steps"]}["shading"]

    return run


def test_more_strings_and_more_diodes_keep_more_of_a_shaded_field(shading_kwh):
    one, halves, each = (shading_kwh(strings) for strings in (ONE, HALVES, EACH))
    assert one * 1.005 < halves < each
    assert one * 1.005 < shading_kwh(ONE, diodes=4)
