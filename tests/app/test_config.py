"""The site file: its defaults, and what is said about every way to get it wrong."""

import numpy as np
import pytest

from tracker.app.config import check_site_text, default_plant, load_site, site_at
from tracker.app.site_file.checks import sun_azimuths_deg
from tracker.array import vogel
from tracker.errors import InvalidInput, InvalidSite
from tracker.named_files import LARGEST_SITE_BYTES


def problems(text, folder):
    return [str(problem) for problem in check_site_text(text, folder).problems]


def test_an_empty_file_is_the_default_site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("")
    plant = load_site(path)
    assert (plant.site.name, plant.site.timezone) == ("Shenzhen North, west square", "Asia/Shanghai")
    assert plant.array.size == 19
    np.testing.assert_array_equal(plant.array.positions_enu_m, vogel(19, 7.0))
    assert plant.array.names[0] == "H01"
    assert plant.array.mount.limits.azimuth_range_deg == (-270.0, 270.0)
    assert plant.bridges[0].port == "sim:"
    assert plant.weather_source == "climate:shenzhen"
    assert (plant.comparison.claim_percent, plant.comparison.claim_over) == (40.0, "best_fixed")
    assert plant.comparison.single_axis_backtrack is True


def test_what_the_file_says_reaches_the_plant(tmp_path):
    (tmp_path / "year.epw").write_text("")
    check = check_site_text(
        """
        site = { name = "Roof", latitude_deg = -33, longitude_deg = 151.2, timezone = "Australia/Sydney" }
        array.layout = "grid"
        array.heads = 4
        array.slope_deg = 5
        array.slope_azimuth_deg = 0
        mount.azimuth_range_deg = [-200, 200]
        weather.source = "year.epw"
        [[bridge]]
        port = "/dev/ttyUSB0"
        protocol = "easycomm2"
        heads = { H01 = 7 }
        [[bridge]]
        port = "/dev/ttyUSB1"
        """,
        tmp_path,
    )
    assert check.problems == ()
    assert check.layout == "grid"
    plant = check.plant
    assert plant.site.latitude_deg == -33.0
    np.testing.assert_allclose(
        plant.array.positions_enu_m[:, 2],
        -np.tan(np.radians(5.0)) * plant.array.positions_enu_m[:, 1],
        atol=1e-12,
    )
    assert plant.array.mount.limits.azimuth_range_deg == (-200.0, 200.0)
    assert [dict(bridge.heads) for bridge in plant.bridges] == [{"H01": 7}, {}]
    assert plant.weather_source == str(tmp_path / "year.epw")


def test_a_survey_stands_where_it_says(tmp_path):
    (tmp_path / "s.csv").write_text("name,east_m,north_m,up_m\nWest,-5,0,0\nEast,5,0,1\n")
    path = tmp_path / "site.toml"
    path.write_text('[array]\nlayout = "survey"\nsurvey = "s.csv"\n')
    array = load_site(path).array
    assert array.names == ("West", "East")
    np.testing.assert_array_equal(array.positions_enu_m, [[-5.0, 0.0, 0.0], [5.0, 0.0, 1.0]])


EVERYTHING = """\
[site]
latitude = 3
latitude_deg = 95
timezone = "Europe/Berlin"
horizon = "x.csv"
[arry]
[array]
layout = "vogl"
heads = 1.5
[head]
area_m2 = 30
[mount]
elevation_range_deg = [0, 80]
[safety]
stow_gust_m_s = 5
link_lease_s = "3"
[[bridge]]
port = "/dev/x"
heads = { H01 = 1, X = 900 }
[comparison]
mountings = ["flat", "bestfixed"]
[weather]
source = "nowhere.epw"
"""


def test_every_error_is_told_at_once_in_the_files_order(tmp_path):
    told = problems(EVERYTHING, tmp_path)
    assert [line.split(" ")[1] + line.split(" ")[2] for line in told] == [
        "2:site.latitude",
        "3:site.latitude_deg",
        "4:site.timezone",
        "5:site.horizon",
        "6:arry",
        "8:array.layout",
        "9:array.heads",
        "10:head.pivot_height_m",
        "13:mount.elevation_range_deg",
        "14:safety.release_gust_m_s",
        "16:safety.link_lease_s",
        "19:bridge[0].heads.X",
        "21:comparison.mountings[1]",
        "23:weather.source",
    ]


def test_a_wrong_zone_is_told_beside_wrong_coordinates(tmp_path):
    text = '[site]\nlatitude_deg = 222\nlongitude_deg = 1140\ntimezone = "Asia/Shangai"\n'
    told = problems(text, tmp_path)
    assert [line.split(" ")[2] for line in told] == [
        "site.latitude_deg",
        "site.longitude_deg",
        "site.timezone",
    ]
    assert "is no IANA time zone" in told[2]


def test_mountings_named_twice_are_told_beside_a_wrong_baseline(tmp_path):
    told = problems('[comparison]\nmountings = ["flat", "flat"]\nclaim_over = "roof"\n', tmp_path)
    assert any("names flat more than once" in line for line in told)
    assert any("comparison.claim_over" in line for line in told)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[site]\nlatitude = 3", "line 2: site.latitude is not a known key; did you mean latitude_deg?"),
        ("[site]\npetals = 3", "line 2: site.petals is not a known key here; it belongs in [head]"),
        ("[site]\nqqq = 3", "line 2: site.qqq is not a known key; known are name, latitude_deg"),
        ("[sites]\n", "line 1: sites is not a known key; did you mean site?"),
        ('[site]\nhorizon = "no.csv"', "line 2: site.horizon -> "),
        ("[site]\nhorizon = 3", "line 2: site.horizon = 3 is not text; give text in quotes"),
        (
            "[site]\n\nlatitude_deg = 95.5",
            "line 3: site.latitude_deg = 95.5 is out of range; give -90 to 90 deg",
        ),
        ("[site]\nlatitude_deg = nan", "site.latitude_deg = nan is not finite; give -90 to 90 deg"),
        ('[site]\naltitude_m = "80"', 'site.altitude_m = "80" is not a number; give -430 to 6000 m'),
        ("[site]\naltitude_m = true", "site.altitude_m = true is not a number; give -430 to 6000 m"),
        ("[site]\nname = 3", "site.name = 3 is not text; give text in quotes"),
        ('[site]\nname = ""', 'site.name = "" is empty'),
        (
            '[site]\ntimezone = "Asia/Shangai"',
            "is no IANA time zone; give one such as Asia/Shanghai (nearest: Asia/",
        ),
        ('[site]\ntimezone = "Asia"', '"Asia" is no IANA time zone'),
        ('[site]\ntimezone = "../../etc/passwd"', "is no IANA time zone"),
        ("[site]\nlongitude_deg = -114", "wrong time zone or longitude"),
        ("site = 3", "line 1: site = 3 is not a table; write [site]"),
        ("[[site]]\n", "line 1: site = [{}] is not a table; write [site]"),
        ("[bridge]\n", "line 1: bridge is written [[bridge]]"),
        ("bridge = []", "line 1: bridge is written [[bridge]]"),
        ("[array]\nheads = 0", "line 2: array.heads = 0 is out of range; give a whole number, 1 to 10000"),
        ("[array]\nheads = 19.0", "array.heads = 19.0 is not a whole number"),
        (
            '[array]\nlayout = "vogl"',
            'array.layout = "vogl" is not known; give one of vogel, ring, grid, survey',
        ),
        ('[array]\nlayout = "vogl"', "(nearest: vogel)"),
        ("[array]\nspacing_m = 4.0", "array.spacing_m = 4 is less than the disks' diameter of 4.878 m"),
        ('[array]\nlayout = "survey"', 'line 2: array.layout = "survey" needs the file\'s name too'),
        ('[array]\nsurvey = "s.csv"', 'line 2: array.survey is given, but layout is "vogel"'),
        ('[array]\nlayout = "survey"\nsurvey = "no.csv"', "line 3: array.survey -> "),
        ("[head]\npivot_height_m = 2.0", "head.pivot_height_m = 2 lets the disk's rim touch the ground"),
        ("[head]\npetals = 2", "head.petals = 2 is out of range; give a whole number, 3 to 64"),
        ("[mount]\nelevation_range_deg = [0, 80]", "leaves out 90 deg, where heads lie flat in wind"),
        (
            "[mount]\nazimuth_range_deg = [9, 5]",
            "= [9, 5] is out of range or out of order; give low and high end",
        ),
        ("[mount]\nazimuth_range_deg = [1]", "= [1] has too few values; give low and high end"),
        (
            "[mount]\nazimuth_range_deg = [1, 2, 3]",
            "has too many values; give low and high end within -720 to 720 deg",
        ),
        ('[mount]\nazimuth_range_deg = [1, "x"]', 'mount.azimuth_range_deg[1] = "x" is not a number'),
        ("[mount]\nazimuth_range_deg = [-800, 0]", "is out of range or out of order"),
        ("[safety]\nrelease_gust_m_s = 12.0", "is not below stow_gust_m_s = 12 m/s"),
        ("[head]\nfoldable = 1", "head.foldable = 1 is neither true nor false; give true or false"),
        ('[[bridge]]\nprotocol = "easycom2"', 'bridge[0].protocol = "easycom2" is not known'),
        ("[[bridge]]\n[[bridge]]\nheads = {H01 = 0}", "line 3: bridge[1].heads.H01 = 0 is out of range"),
        ("[[bridge]]\nheads = {H01 = 3, H02 = 3}", "bridge[0].heads.H02 = 3 is the address of H01 already"),
        (
            "[[bridge]]\nheads = {H1 = 3}",
            "bridge[0].heads.H1 is no head of the array (H01 to H19) (nearest: H1",
        ),
        (
            '[[bridge]]\nport = "/dev/a"\n[[bridge]]\nport = "/dev/a"',
            'line 4: bridge[1].port = "/dev/a" is that of',
        ),
        (
            "[[bridge]]\nheads = {H01 = 1}\n[[bridge]]\nheads = {H01 = 1}",
            "line 4: bridge[1].heads.H01 is on bridge[0]",
        ),
        ('[comparison]\nclaim_over = "single_axs"', "is not known; give one of flat, latitude_tilt"),
        (
            '[comparison]\nmountings = ["flat", "sunflower"]',
            'claim_over = "best_fixed" is not among mountings',
        ),
        (
            '[comparison]\nmountings = ["best_fixed"]',
            'has no two-axis mounting to judge the claim on; add "sunflower"',
        ),
        (
            '[comparison]\nmountings = ["best_fixed", "sunflower", "sunflower"]',
            "names sunflower more than once",
        ),
        ('[comparison]\nclaim_over = "sunflower"', "is what the claim is about"),
        ("[comparison]\nmountings = []", "comparison.mountings = [] has too few values"),
        ('[weather]\nsource = "no.epw"', 'line 2: weather.source = "no.epw" is no file in'),
        ('[weather]\nsource = "."', 'weather.source = "." is not a file'),
        (
            '[weather]\nsource = "climate:shenzen"',
            "is no known climate; give climate:shenzhen, or a file (nearest: shenzhen)",
        ),
        (
            '[wind]\nsource = "udp"',
            'wind.source = "udp" is not supported; give sim:, file:PATH, modbus:PATH, contact:',
        ),
        ("[site]\nname = unquoted", "line 2: TOML cannot be read"),
        ("[site]\nalbedo = 0.2\n\nalbedo = 0.3", "line 4: TOML cannot be read"),
        ('[site]\nname = "never closed', "line 2: TOML cannot be read"),
    ],
)
def test_a_single_error_names_line_key_value_and_what_to_do(tmp_path, text, says):
    told = problems(text, tmp_path)
    assert any(says in line for line in told), told


@pytest.mark.parametrize("text", ["[site]\nname = 3", "x = 1", "[head]\npetals = 2", "[wind]\nsource = 'x'"])
def test_one_error_is_told_once(tmp_path, text):
    assert len(problems(text, tmp_path)) == 1


def test_a_horizon_stands_in_the_plant_as_its_file_says(tmp_path):
    (tmp_path / "horizon.csv").write_text("azimuth_deg,elevation_deg\n270,4\n90,12.5\n")
    path = tmp_path / "site.toml"
    path.write_text('[site]\nhorizon = "horizon.csv"\n')
    horizon = load_site(path).horizon
    assert horizon.azimuth_deg.tolist() == [90.0, 270.0]
    assert horizon.elevation_deg.tolist() == [12.5, 4.0]
    assert default_plant().horizon is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"azimuth_deg,elevation_deg\n90,12\n120,high\n",
            "horizon.csv, line 3: '120,high' is not azimuth",
        ),
        (b"azimuth_deg,elevation_deg\n90,95\n", "horizon.csv: elevations of a horizon must be -10 to 90 deg"),
        (b"12,13,14\n", "horizon.csv: no horizon: the columns are not named"),
        (b"azimuth_deg,elevation_deg\n90,\xff\n", "horizon.csv: cannot be read: "),
        (None, "horizon.csv: cannot be read: "),
        (b"#" * (2 * 1024 * 1024), "horizon.csv: cannot be read: it holds more than 1,048,576 bytes"),
    ],
    ids=["no number", "too high", "no columns", "not utf-8", "missing", "too large"],
)
def test_errors_of_a_horizon_are_told_at_its_key_and_at_its_own_line(tmp_path, content, says):
    if content is not None:
        (tmp_path / "horizon.csv").write_bytes(content)
    (told,) = problems('[site]\nname = "x"\nhorizon = "horizon.csv"', tmp_path)
    assert told.startswith("line 3: site.horizon -> ")
    assert says in told


def test_heads_must_agree_with_the_survey_only_where_both_are_given(tmp_path):
    (tmp_path / "s.csv").write_text("name,east_m,north_m,up_m\nA,0,0,0\n")
    survey = '[array]\nlayout = "survey"\nsurvey = "s.csv"\n'
    assert problems(survey, tmp_path) == []
    assert problems(survey + "heads = 2", tmp_path) == [
        "line 4: array.heads = 2, but the survey holds 1; remove heads, or complete the survey"
    ]


def test_errors_of_a_survey_keep_their_own_lines(tmp_path):
    (tmp_path / "s.csv").write_text("name,east_m,north_m,up_m\nA,0,0,0\nA,9,0,0\nB,x,0,0\n")
    told = problems('[array]\nlayout = "survey"\nsurvey = "s.csv"', tmp_path)
    assert len(told) == 2
    assert "s.csv, line 3: name 'A' stands on line 2 already" in told[0]
    assert "s.csv, line 4: east_m = 'x' is not a number" in told[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[pv]\ndc_capacity_w = 250.0", "is 13.9 W/m2, outside 20 to 400 W/m2"),
        ("[array]\nheads = 300", "has 247 addresses on 1 port(s) for 300 heads"),
        ("[mount]\nazimuth_range_deg = [90, 270]", "leaves out some of the sun's azimuths"),
    ],
)
def test_what_may_be_meant_is_a_note_and_no_error(tmp_path, text, says):
    check = check_site_text(text, tmp_path)
    assert check.problems == ()
    assert any(says in str(note) for note in check.notes)


def test_the_defaults_need_no_note(tmp_path):
    assert check_site_text("", tmp_path).notes == ()


@pytest.mark.parametrize("latitude_deg", [-60.0, -35.0, 30.0, 52.0, 66.0])
def test_sunrise_at_the_longest_day_bounds_the_suns_azimuths(latitude_deg):
    from tracker.sun import sun_position

    year = np.datetime64("2025-01-01T00:00") + np.arange(0, 366 * 1440, 7).astype("timedelta64[m]")
    sun = sun_position(year, site_at(latitude_deg, 0.0, 0.0))
    up = sun.elevation_deg > 0.0
    first_deg, last_deg = sun_azimuths_deg(latitude_deg)
    middle_deg = (first_deg + last_deg) / 2.0
    seen_deg = np.mod(sun.azimuth_deg[up] - middle_deg + 180.0, 360.0) - 180.0 + middle_deg
    assert seen_deg.min() == pytest.approx(first_deg, abs=2.0)
    assert seen_deg.max() == pytest.approx(last_deg, abs=2.0)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "cannot be read: No such file or directory"),
        (lambda path: path.mkdir(), "cannot be read: Is a directory"),
        (lambda path: path.write_bytes(b"[site]\n\x89PNG\xff"), "line 2: byte 7 is not UTF-8 text"),
        (
            lambda path: path.write_bytes(b"#" * (LARGEST_SITE_BYTES + 1)),
            f"more than {LARGEST_SITE_BYTES:,} bytes",
        ),
    ],
    ids=["missing", "directory", "binary", "too large"],
)
def test_a_path_that_holds_no_site_file_is_refused(tmp_path, make, says):
    path = tmp_path / "site.toml"
    make(path)
    with pytest.raises(InvalidSite) as caught:
        load_site(path)
    assert says in str(caught.value)
    assert "site.toml" in str(caught.value)


def test_a_file_saved_with_byte_order_mark_and_windows_line_ends_is_read(tmp_path):
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xef\xbb\xbf[site]\r\nalbedo = 0.3\r\n")
    assert load_site(path).site.albedo == 0.3


def test_load_site_raises_with_every_problem(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(EVERYTHING)
    with pytest.raises(InvalidSite) as caught:
        load_site(path)
    assert len(caught.value.problems) == 14
    assert str(caught.value).startswith(f"{path}: 14 errors\n")


def test_a_place_by_coordinates_has_the_schemas_bounds():
    assert site_at(-10.0, 20.0, 5.0).latitude_deg == -10.0
    with pytest.raises(InvalidInput, match="latitude_deg = 91 is out of range; give -90 to 90 deg"):
        site_at(91, 20.0, 5.0)


def test_the_default_plant_is_that_of_an_empty_file(tmp_path):
    plant = check_site_text("", tmp_path).plant
    default = default_plant()
    assert (default.site, default.bridges, default.safety, default.comparison) == (
        plant.site,
        plant.bridges,
        plant.safety,
        plant.comparison,
    )


@pytest.mark.parametrize("source", ["pvgis:tmy", "pvgis:2005-2020", "nasa_power:2020", "nsrdb:tmy"])
def test_weather_may_be_asked_for_online(source, tmp_path):
    check = check_site_text(f'[weather]\nsource = "{source}"\n', tmp_path)
    assert check.problems == ()
    assert check.plant.weather_source == source


def test_how_weather_is_read_reaches_the_plant(tmp_path):
    text = '[weather]\ndecomposition = "engerer2"\ninterval_label = "end"\n'
    plant = check_site_text(text, tmp_path).plant
    assert (plant.decomposition, plant.interval_label) == ("engerer2", "end")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'source = "pvgis:best"',
            'weather.source = "pvgis:best": "best" is no period; give pvgis:tmy, pvgis:2020',
        ),
        ('source = "nasa_power:tmy"', '"tmy" is no period; give nasa_power:2020 or nasa_power:2005-2020'),
        ('decomposition = "erb"', 'decomposition = "erb" is not known; give one of erbs, dirint, engerer2'),
        ('interval_label = "middle"', "give one of auto, start, centre, end"),
    ],
)
def test_wrong_ways_to_read_weather_are_told(text, says, tmp_path):
    (told,) = problems(f"[weather]\n{text}\n", tmp_path)
    assert says in told
