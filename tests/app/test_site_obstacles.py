"""What stands near, and where the disk hangs on its axes: from the site file into plant and yield."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tracker.app.config import check_site_text, default_plant
from tracker.array import building, post, wall
from tracker.frames import enu_from_azel
from tracker.operations.compare import weather_for
from tracker.pv import Models
from tracker.study.mountings.obstacle_shade import obstacles_share
from tracker.study.result import result_of
from tracker.study.setting import setting_of
from tracker.sun import sun_position

HALL = """
[[obstacle]]
kind = "building"
name = "Hall"
outline = [[-40, -40], [-15, -40], [-15, 40], [-40, 40]]
height_m = 12.0
"""
SITE = """
[array]
layout = "grid"
heads = 4
[comparison]
mountings = ["flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing", "sunflower"]
"""


TABLE_ERROR = 1e-3  # of a lone head's view of the sky, which is looked up where there is any shade
LEVEL = np.array([0.0, 0.0, 1.0])
SUNS_ENU = enu_from_azel(270.0, np.linspace(5.0, 85.0, 801))


def _lone_head(obstacles):
    array = default_plant().array
    return replace(array, names=("H01",), positions_enu_m=np.zeros((1, 3)), obstacles=tuple(obstacles))


def told(text, folder):
    return [str(each) for each in check_site_text(text, folder).problems]


def test_tables_become_the_shapes_of_the_array(tmp_path):
    text = (
        HALL + "[[obstacle]]\npoints = [[-9, 9], [9, 9, 1], [9, 20, 1]]\nheight_m = 2\n"
        '[[obstacle]]\nkind = "post"\nfoot = [20, 0]\nheight_m = 8\ndiameter_m = 0.5\n[array]\nheads = 1\n'
    )
    hall, fence, pole = check_site_text(text, tmp_path).plant.array.obstacles
    outline = [[-40, -40, 0], [-15, -40, 0], [-15, 40, 0], [-40, 40, 0]]
    for made, wanted in (
        (hall, [building("Hall", outline, 12.0)]),
        (fence, [wall("", [-9, 9, 0], [9, 9, 1], 2.0), wall("", [9, 9, 1], [9, 20, 1], 2.0)]),
        (pole, [post("", [20, 0, 0], 8.0, 0.5)]),
    ):
        faces = [face for one in wanted for face in one.faces_enu_m]
        for face, expected in zip(made.faces_enu_m, faces, strict=True):
            np.testing.assert_array_equal(face, expected)
    assert (hall.name, fence.name, pole.name) == ("Hall", "obstacle 2", "obstacle 3")
    assert default_plant().array.obstacles == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("height_m = 2", 'obstacle[0].kind = "wall" needs points too; add it'),
        ("points = [[-9, 9], [9, 9]]", 'obstacle[0].kind = "wall" needs height_m too'),
        (
            "points = [[-9, 9], [9, 9]]\nheight_m = 0",
            "line 3: obstacle[0].height_m = 0 is out of range; give 0.01",
        ),
        ("points = [[-9, 9]]\nheight_m = 2", "obstacle[0].points has 1 points; a wall needs 2 or more"),
        (
            "points = [[-9, 9], [9]]\nheight_m = 2",
            "has a point that is not [east, north] or [east, north, up]",
        ),
        (
            "points = [[-9, 9], [-9, 9]]\nheight_m = 2",
            "obstacle[0].points has no shape: obstacle obstacle 1, face 1",
        ),
        ("points = [[-9, 9], [9, 1e5]]\nheight_m = 2", "obstacle[0].points[1][1] = 100000.0 is out of range"),
        ("points = 3\nheight_m = 2", "obstacle[0].points = 3 is not a list; give [east, north] or"),
        (
            'kind = "building"\noutline = [[20, 0], [30, 0]]\nheight_m = 2',
            "has 2 points; a building needs 3 or more",
        ),
        (
            'kind = "building"\noutline = [[20, 0], [30, 9], [30, 0], [20, 5]]\nheight_m = 2',
            "obstacle[0].outline has no shape: obstacle obstacle 1, face 5, crosses or touches itself",
        ),
        ('kind = "post"\nfoot = [20, 0]\nheight_m = 2', 'obstacle[0].kind = "post" needs diameter_m too'),
        (
            'kind = "post"\nfoot = [20, 0]\nheight_m = 2\ndiameter_m = 1\npoints = [[1, 2]]',
            'line 6: obstacle[0].points is given, but kind is "post"; remove it',
        ),
        ('kind = "tree"', 'obstacle[0].kind = "tree" is not known; give one of wall, building, post'),
        ("hight_m = 2", "obstacle[0].hight_m is not a known key; did you mean height_m?"),
        (
            'kind = "building"\noutline = [[-9, -9], [9, -9], [9, 9], [-9, 9]]\nheight_m = 2',
            "obstacle[0] is in the way of H01, which stands inside it and sweeps 2.44 m around its foot",
        ),
        (
            "points = [[-1, -50], [-1, 50]]\nheight_m = 2",
            "obstacle[0] is in the way of H01, which stands 1.00 m from it and sweeps 2.44 m around its foot",
        ),
    ],
)
def test_what_cannot_stand_there_is_told(tmp_path, text, says):
    found = told(f"[[obstacle]]\n{text}\n[array]\nheads = 1", tmp_path)
    assert any(says in line for line in found), found
    assert len(found) == 1


def test_a_single_table_instead_of_many_is_told(tmp_path):
    assert told("[obstacle]\nheight_m = 3", tmp_path) == [
        "line 1: obstacle is written [[obstacle]] on a line, then its keys; once or more often"
    ]


def test_heads_may_stand_on_a_roof_and_reach_over_a_low_wall(tmp_path):
    (tmp_path / "s.csv").write_text("name,east_m,north_m,up_m\nA,0,0,9.5\n")
    text = (
        '[array]\nlayout = "survey"\nsurvey = "s.csv"\n[[obstacle]]\nkind = "building"\nheight_m = 9.5\n'
        "outline = [[-9, -9], [9, -9], [9, 9], [-9, 9]]\n"
        "[[obstacle]]\npoints = [[2, -9, 9.5], [2, 9, 9.5]]\nheight_m = {height_m}\n"
    )
    assert told(text.format(height_m=0.5), tmp_path) == []
    assert "obstacle[1] is in the way of A" in told(text.format(height_m=0.7), tmp_path)[0]


def test_the_panel_offset_reaches_the_head_and_keeps_heads_apart_and_off_the_ground(tmp_path):
    text = "[head]\npanel_offset_m = [0, 0, 0.15]\n"
    assert check_site_text(text, tmp_path).plant.array.head.panel_offset_m == (0.0, 0.0, 0.15)
    assert default_plant().array.head.panel_offset_m == (0.0, 0.0, 0.0)
    assert "disks' diameter of 4.887 m" in told(text + "[array]\nspacing_m = 4.88", tmp_path)[0]
    low = "[head]\npivot_height_m = 3.0\npanel_offset_m = [0, -0.6, 0]\n"
    assert "it hangs 3.039 m below the axis" in told(low, tmp_path)[0]
    over = (
        "mount.elevation_range_deg = [30, 180]\n"
        "head = {{ pivot_height_m = 2.5, panel_offset_m = [0, {}, 0] }}"
    )
    assert told(over.format(-0.1), tmp_path) == []
    assert "it hangs 2.539 m" in told(over.format(0.1), tmp_path)[0]
    assert "head.panel_offset_m[2] = 9" in told("[head]\npanel_offset_m = [0, 0, 9]", tmp_path)[0]
    assert "has too few values; give three numbers" in told("[head]\npanel_offset_m = [0, 0]", tmp_path)[0]


@pytest.mark.parametrize("elevation_deg", [0.0, 37.0, 90.0, 123.0, 180.0])
def test_the_rim_hangs_as_deep_as_its_turned_corners(tmp_path, elevation_deg):
    offset_m = np.array([0.2, 0.3, 0.4])
    turned = np.radians(elevation_deg + np.arange(0.0, 5.0, 0.01))
    rim = 2.4393 * np.array([[0.0, 1.0], [0.0, -1.0]]) + offset_m[[0, 1]]
    up_m = rim[:, 1, np.newaxis] * np.cos(turned) + offset_m[2] * np.sin(turned)
    deepest_m = -np.min(up_m)
    text = (
        f"mount.elevation_range_deg = [{elevation_deg}, {elevation_deg + 5.0}]\n"
        "head = { panel_offset_m = [0.2, 0.3, 0.4], pivot_height_m = 0.05 }"
    )
    hangs = [line for line in told(text, tmp_path) if "hangs" in line]
    if deepest_m < 0.05:
        assert hangs == []
    else:
        assert float(hangs[0].split("hangs ")[1].split(" m")[0]) == pytest.approx(deepest_m, abs=2e-3)


def test_a_hall_in_the_west_takes_afternoons_of_every_mounting_and_no_mornings(tmp_path):
    lone = SITE.replace("heads = 4", "heads = 1")  # others' shade comes from a table, or exact
    before, after = (check_site_text(text, tmp_path).plant for text in (lone, lone + HALL))
    weather = weather_for(before)
    for name in before.comparison.mountings:
        rows = [result_of(name, setting_of(plant, weather, Models())) for plant in (before, after)]
        fell_wh = (rows[0].net_wh - rows[1].net_wh) / np.max(rows[0].net_wh)
        east = sun_position(weather.utc, before.site).azimuth_deg < 180.0
        assert np.max(np.abs(fell_wh[east])) < TABLE_ERROR, name
        assert np.sum(fell_wh[~east] > 0.02) > 365, name
        assert np.min(fell_wh) > -TABLE_ERROR, name


def test_a_level_plane_is_shaded_where_the_top_of_a_long_wall_stands_above_the_sun():
    hidden = obstacles_share(_lone_head([wall("", [-9, -500, 0], [-9, 500, 0], 8.0)]), LEVEL, SUNS_ENU)
    rise = SUNS_ENU[:, 2] / np.maximum(-SUNS_ENU[:, 0], 1e-9)  # over a metre to the west
    nearest_m = 5.0 / rise  # from the wall, of points 3 m up that see the sun over its top, 8 m up
    assert np.all(hidden[nearest_m < 9.0 - 2.44] == 0.0)
    assert np.all(hidden[nearest_m > 9.0 + 2.44] == pytest.approx(1.0))
    middle = np.argmin(np.abs(nearest_m - 9.0))
    assert hidden[middle] == pytest.approx(0.5, abs=0.02)


@pytest.fixture(scope="module")
def compared(sunflower, tmp_path_factory):
    """`sunflower compare` in the open, and with a hall in the west."""
    folder = tmp_path_factory.mktemp("hall")

    def run(name, text):
        site = folder / f"{name}.toml"
        site.write_text(text)
        done = sunflower("compare", site, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run("open", SITE), run("hall", SITE + HALL)


def test_a_hall_takes_from_every_mounting_and_only_in_its_shading_step(compared):
    before, after = ({row["name"]: row for row in one["mountings"]} for one in compared)
    for name, row in after.items():
        steps = [{step["name"]: step["kwh"] for step in each["steps"]} for each in (before[name], row)]
        assert 0.85 < row["net_kwh"] / before[name]["net_kwh"] < 0.99
        assert steps[1]["facing"] == pytest.approx(steps[0]["facing"], rel=1e-3)
        assert steps[1]["shading"] < 0.99 * steps[1]["facing"]
    assert "obstacle_sky" not in compared[0]["not_modelled"]
    assert "obstacle_sky" in compared[1]["not_modelled"]
