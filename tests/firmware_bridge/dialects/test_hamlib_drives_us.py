"""Hamlib's own rotctl, as Debian ships it, drives simulated heads through our servers."""

import pytest

from firmware_bridge.simulator.drives import Activity

MODELS = {"easycomm2": "202", "easycomm3": "204", "gs232a": "601", "gs232b": "603"}
EASYCOMM = ("easycomm2", "easycomm3")
STEP_DEG = {"easycomm2": 0.1, "easycomm3": 0.1, "gs232a": 1.0, "gs232b": 1.0, "rotctld": 0.01}
WHOLE_TRAVEL_S = 2000.0
BRAKING_S = 3.0
EAST, HIGH = 120.0, 60.0


@pytest.fixture(params=[*MODELS, "rotctld"])
def driven(request, station, pty_end, tcp_end, rotctl):
    """The simulated head, and a function that runs one rotctl with a command against it."""
    protocol = request.param
    head = station(protocol)
    network = protocol == "rotctld"
    end = (tcp_end if network else pty_end)(head.connect)
    model, place = ("2", f"127.0.0.1:{end.port}") if network else (MODELS[protocol], end.port)
    yield head, lambda *command: rotctl(end, "-m", model, "-r", place, *command)
    end.close()


def test_rotctl_moves_a_head_and_sees_where_it_is(driven, request):
    head, rotctl = driven
    rotctl("P", f"{EAST}", f"{HIGH}")
    assert head.target_deg == (EAST, HIGH)
    head.advance(10.0)
    step_deg = STEP_DEG[request.node.callspec.params["driven"]]
    assert [float(line) for line in rotctl("p").split()] == pytest.approx(head.pose_deg, abs=step_deg)
    head.advance(WHOLE_TRAVEL_S)
    assert [float(line) for line in rotctl("p").split()] == [EAST, HIGH]


def test_rotctl_stops_a_head(driven):
    head, rotctl = driven
    rotctl("P", f"{EAST}", f"{HIGH}")
    head.advance(5.0)
    rotctl("S")
    head.advance(BRAKING_S)
    assert not head.head.moving
    assert head.pose_deg[0] < EAST


@pytest.mark.parametrize(
    ("direction", "end_deg"),
    [("2", (0.0, 95.0)), ("4", (0.0, 0.0)), ("8", (-270, 45)), ("16", (270.0, 45.0))],
)
def test_rotctl_turns_a_head_one_way_until_its_travel_ends(driven, direction, end_deg):
    head, rotctl = driven
    rotctl("M", direction, "100")
    head.advance(WHOLE_TRAVEL_S)
    assert head.pose_deg == end_deg


@pytest.mark.parametrize("driven", ["easycomm3", "gs232a", "gs232b", "rotctld"], indirect=True)
def test_rotctl_chooses_the_speed(driven):
    head, rotctl = driven
    rotctl("M", "16", "4")
    head.advance(10.0)
    slow_deg, _ = head.pose_deg
    rotctl("M", "16", "100")
    head.advance(10.0)
    assert 0.0 < 1.5 * slow_deg < head.pose_deg[0] - slow_deg


@pytest.mark.parametrize("driven", [*EASYCOMM, "rotctld"], indirect=True)
def test_rotctl_parks_a_head_in_its_stow_position(driven):
    head, rotctl = driven
    rotctl("K")
    assert head.head.activity is Activity.STOWING
    head.advance(WHOLE_TRAVEL_S)
    assert head.pose_deg == (0.0, 90.0)


@pytest.mark.parametrize("driven", [*EASYCOMM, "rotctld"], indirect=True)
def test_rotctls_reset_homes_a_head(driven):
    head, rotctl = driven
    rotctl("R", "1")
    assert head.head.activity is Activity.HOMING


@pytest.mark.parametrize("driven", ["rotctld"], indirect=True)
def test_rotctl_reads_name_and_travel_over_the_network(driven):
    _head, rotctl = driven
    assert rotctl("_").strip() == "sunflower"
    assert "Min Azimuth:\t\t-270.00\nMax Azimuth:\t\t270.00\n" in rotctl("1")


@pytest.mark.parametrize("driven", EASYCOMM, indirect=True)
def test_a_head_turns_the_short_way_to_an_azimuth_past_north(driven):
    head, rotctl = driven
    rotctl("P", "350.0", "45.0")
    head.advance(WHOLE_TRAVEL_S)
    assert head.pose_deg == (-10.0, 45.0)
    assert [float(line) for line in rotctl("p").split()] == [350.0, 45.0]
