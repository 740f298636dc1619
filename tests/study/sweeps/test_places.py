import pytest

from tracker.errors import InvalidInput
from tracker.study.sweeps.places import parse_places

HEADER = "name,latitude_deg,longitude_deg,altitude_m,timezone,weather\n"


def parsed(text):
    return parse_places(text, origin="sites.csv", weather="climate:shenzhen")


def test_a_full_row_becomes_a_place():
    (place,) = parsed(HEADER + "east,22.5,114.1,18,Asia/Shanghai,data/east.parquet\n")
    assert (place.name, place.latitude_deg, place.longitude_deg) == ("east", 22.5, 114.1)
    assert (place.altitude_m, place.timezone, place.weather) == (18.0, "Asia/Shanghai", "data/east.parquet")


def test_empty_cells_take_sea_level_and_the_plans_weather():
    (place,) = parsed("weather,name,longitude_deg,latitude_deg,altitude_m\n,a,114,22,\n")
    assert (place.altitude_m, place.timezone, place.weather) == (0.0, "", "climate:shenzhen")


def test_comments_and_blank_lines_are_skipped_and_the_order_is_kept():
    places = parsed("# mine\n\n" + HEADER + "b,1,2,,,\n# not this one\na,3,4,,,\n")
    assert [place.name for place in places] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("name,latitude_deg\n", "no column longitude_deg"),
        (HEADER.replace("weather", "wheather"), "unknown column wheather"),
        (HEADER, "no places follow"),
        (HEADER + "a,95,114,,,\n", "line 2: latitude_deg = '95' is no number from -90 to 90"),
        (HEADER + "a,x,114,,,\n", "line 2: latitude_deg = 'x'"),
        (HEADER + "a,nan,114,,,\n", "line 2: latitude_deg = 'nan'"),
        (HEADER + ",22,114,,,\n", "line 2: the name is empty"),
        (HEADER + "a,22,114\n", "line 2: 3 fields where the header names 6"),
        (HEADER + "a,22,114,,,\na,23,114,,,\n", "line 3: name a is there already"),
        (HEADER + "a,22,114,,Asia/Shangai,\n", "line 2: timezone = 'Asia/Shangai' is unknown"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, says):
    with pytest.raises(InvalidInput) as caught:
        parsed(text)
    assert str(caught.value).startswith("sites.csv")
    assert says in str(caught.value)


def test_every_error_is_told_at_once():
    with pytest.raises(InvalidInput, match=r"(?s)line 2.*line 3"):
        parsed(HEADER + "a,95,114,,,\nb,22,999,,,\n")
