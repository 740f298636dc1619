"""What our servers answer, to the byte; questions as Hamlib 4.5, 4.6 and Gpredict ask them."""

import pytest

from firmware_bridge.dialects.gs232_server import Gs232Server, Style
from firmware_bridge.dialects.rotator import OnlyForLooking
from firmware_bridge.wire.schema import Fault

HOUR_S = 3600.0


@pytest.mark.parametrize(
    ("protocol", "asked", "answered"),
    [
        ("easycomm2", b"AZ EL \n", b"AZ0.0 EL45.0\n"),
        ("easycomm2", b"AZ\n", b"AZ0.0\n"),  # the newer way: one after the other
        ("easycomm2", b"EL\n", b"EL45.0\n"),
        ("easycomm2", b"AZ\r\nEL\r\n", b"AZ0.0\nEL45.0\n"),
        ("easycomm2", b"VE\n", b"VE1.0\n"),
        ("easycomm2", b"GS\n", b""),
        ("easycomm2", b"AZ123.5 EL45.0 UP145000000 USB DN435000000 FM\n", b""),
        ("easycomm2", b"\n\r\n", b""),
        ("easycomm3", b"GS\n;", b"GS1\n"),
        ("easycomm3", b";AZ EL \n", b"AZ0.0 EL45.0\n"),
        ("easycomm3", b"GE\n", b"GE0\n"),
        ("easycomm3", b"CR 0\n", b"CR0,500\n"),
        ("easycomm3", b"CR0\n", b"CR0,500\n"),
        ("easycomm3", b"CR a\n", b""),
        ("easycomm3", b"CW0,900\n", b""),
        ("gs232a", b"C2\r", b"+0000+0045\r\n"),
        ("gs232a", b"C\r", b"+0000\r\n"),
        ("gs232a", b"B\r", b"+0045\r\n"),
        ("gs232b", b"C2\r", b"AZ=000  EL=045\r\n"),
        ("gs232b", b"C\r", b"AZ=000\r\n"),
        ("gs232b", b"B\r", b"EL=045\r\n"),
        ("gs232b", b"W120 060\r\r", b""),  # Hamlib's second end of line
        ("gs232b", b"X3\r", b""),
        ("gs232b", b"X5\r", b"?>\r\n"),
        ("gs232a", b"c2\r", b"?>\r\n"),
        ("gs232a", b"garbage\rC2\r", b"?>\r\n+0000+0045\r\n"),
        ("gs232a", b"W120 096\r", b"?>\r\n"),  # past the travel
        ("rotctld", b"p\n", b"0.00\n45.00\n"),
        ("rotctld", b"\\get_pos\n", b"0.00\n45.00\n"),
        ("rotctld", b"+p\n", b"get_pos:\nAzimuth: 0.00\nElevation: 45.00\nRPRT 0\n"),
        ("rotctld", b"P  163.00  41.00\n", b"RPRT 0\n"),
        ("rotctld", b"+P 100 30\n", b"set_pos: 100 30\nRPRT 0\n"),
        ("rotctld", b"P 100\n", b"RPRT -1\n"),
        ("rotctld", b"P 100 96\n", b"RPRT -1\n"),
        ("rotctld", b"S\n", b"RPRT 0\n"),
        ("rotctld", b"+S\n", b"stop:\nRPRT 0\n"),
        ("rotctld", b"K\n", b"RPRT 0\n"),
        ("rotctld", b"R 1\n", b"RPRT 0\n"),
        ("rotctld", b"+M 8 -1\n", b"move: 8 -1\nRPRT 0\n"),
        ("rotctld", b"_\n", b"sunflower\n"),
        ("rotctld", b"+_\n", b"get_info:\nInfo: sunflower\nRPRT 0\n"),
        ("rotctld", b"X 3\n", b""),
        ("rotctld", b"\\bogus\n", b""),
        (
            "rotctld",
            b"\\dump_state\n",
            (
                b"1\n2\nmin_az=-270.000000\nmax_az=270.000000\nmin_el=0.000000\nmax_el=95.000000\n"
                b"south_zero=0\nrot_type=AzEl\ndone\n"
            ),
        ),
        (
            "rotctld",
            b"+\\dump_state\n",
            (
                b"dump_state:\nrotctld Protocol Ver: 1\nRotor Model: 2\nMinimum Azimuth: -270.000000\n"
                b"Maximum Azimuth: 270.000000\nMinimum Elevation: 0.000000\nMaximum Elevation: 95.000000\n"
                b"South Zero: 0\nrot_type=AzEl\ndone\nRPRT 0\n"
            ),
        ),
    ],
)
def test_a_server_answers(station, protocol, asked, answered):
    assert station(protocol).receive(asked) == answered


@pytest.mark.parametrize(
    ("protocol", "asked", "target_deg"),
    [
        ("easycomm2", b"AZ123.5\n", (123.5, 45.0)),
        ("easycomm2", b"EL50.0\n", (0.0, 50.0)),
        ("easycomm2", b"AZ EL50.0\n", (0.0, 50.0)),  # the azimuth is asked, not set to 0
        ("easycomm2", b"AZ-10.0 EL60\n", (-10.0, 60.0)),
        ("easycomm2", b"AZ350.0 EL60.0\n", (-10.0, 60.0)),
        ("gs232a", b"M100\r", (100.0, 45.0)),
        ("gs232a", b"W350 060\r", (-10.0, 60.0)),
        ("rotctld", b"P 200 60\n", (200.0, 60.0)),
        ("rotctld", b"P 300 60\n", (-60.0, 60.0)),
    ],
)
def test_an_axis_that_is_not_named_stays_and_north_is_crossed_the_short_way(
    station, protocol, asked, target_deg
):
    head = station(protocol)
    head.receive(asked)
    assert head.target_deg == target_deg


def test_an_axis_that_is_not_named_goes_on_to_its_target(station):
    head = station("easycomm2")
    head.receive(b"AZ100.0 EL60.0\n")
    head.advance(2.0)
    head.receive(b"EL50.0\n")
    assert head.target_deg == (100.0, 50.0)


def test_the_other_450_degrees(station):
    head = station("gs232b", azimuth_range_deg=(0.0, 450.0), azimuth_start_deg=350.0)
    wide = Gs232Server(head.rotator, Style.B, span_deg=450)
    assert wide.receive(b"W400 045\r") == b""
    assert head.target_deg == (400.0, 45.0)
    head.advance(HOUR_S)
    assert wide.receive(b"C2\r") == b"AZ=400  EL=045\r\n"
    assert head.receive(b"C2\r") == b"AZ=040  EL=045\r\n"
    assert head.receive(b"W400 045\r") == b"?>\r\n"


def test_registers_tell_motion_and_faults(station):
    head = station("easycomm3")
    head.receive(b"AZ100.0 EL45.0\n")
    assert head.receive(b"GS\n") == b"GS2\n"
    head.head.fault = Fault.AZIMUTH_STALL
    assert head.receive(b"GS\nGE\n") == b"GS10\nGE2\n"
    head.head.trusted = False
    assert head.receive(b"GE\n") == b"GE3\n"


@pytest.mark.parametrize(
    ("protocol", "asked", "answered"),
    [
        ("gs232a", b"W120 060\r", b"?>\r\n"),
        ("rotctld", b"P 120 60\n", b"RPRT -9\n"),
        ("easycomm2", b"AZ1.0\n", b""),
    ],
)
def test_a_head_that_does_not_know_where_it_is_does_not_move(station, protocol, asked, answered):
    head = station(protocol, position_trusted=False)
    assert head.receive(asked) == answered
    assert not head.head.moving


@pytest.mark.parametrize(
    ("protocol", "asked", "answered"),
    [("gs232a", b"C2\r", b"?>\r\n"), ("rotctld", b"p\n", b"RPRT -6\n"), ("easycomm2", b"AZ EL \n", b"")],
)
def test_where_nothing_is_known_no_position_is_made_up(station, protocol, asked, answered):
    head = station(protocol)
    head.head.lose_power()
    assert head.receive(asked) == answered


def test_a_velocity_of_zero_stops(station):
    head = station("easycomm3")
    head.receive(b"VR0500\n")
    head.advance(5.0)
    head.receive(b"VR0000\n")
    head.advance(5.0)
    assert not head.head.moving


def test_left_alone_a_head_finishes_its_move_for_it_knows_no_lease(station):
    head = station("easycomm2")
    head.receive(b"AZ100.0 EL45.0\n")
    head.advance(HOUR_S)
    assert head.pose_deg == (100.0, 45.0)


@pytest.mark.parametrize("asked", [b"P 100 60\n", b"M 16 50\n", b"K\n", b"R 1\n", b"S\n"])
def test_who_may_only_look_moves_and_stops_nothing(station, asked):
    head = station("rotctld")
    looking = type(head.server)(OnlyForLooking(head.rotator))
    assert looking.receive(asked) == b"RPRT -9\n"
    assert looking.receive(b"p\n") == b"0.00\n45.00\n"
    assert not head.head.moving
    assert not head.head.held


def test_a_rotctld_client_may_take_its_leave(station):
    head = station("rotctld")
    assert head.receive(b"p\nq\np\n") == b"0.00\n45.00\n"
    assert head.server.finished
