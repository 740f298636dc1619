"""Our clients drive our servers, and Hamlib's rotctld."""

import math
import select

import pytest

from firmware_bridge import CommandRefused, open_bus
from firmware_bridge.foreign_bus import LANGUAGES
from firmware_bridge.reports import AxisLimits

LIMITS = AxisLimits(
    azimuth_range_deg=(-270.0, 270.0),
    elevation_range_deg=(0.0, 95.0),
    azimuth_rate_deg_s=0.5,
    elevation_rate_deg_s=0.3,
    stow_elevation_deg=90.0,
)
WHOLE_TRAVEL_S = 2000.0


@pytest.fixture(params=LANGUAGES)
def pair(request, station, host):
    """A simulated head behind a server, and our mount for it."""
    head = station(request.param)
    client = host(request.param, head.receive)

    def advance(seconds):
        head.advance(seconds)
        client.clock.now_s += seconds

    client.mount.configure(LIMITS)
    return head, client.mount, advance


def test_a_head_goes_where_it_is_told_and_says_so(pair):
    head, mount, advance = pair
    on_the_way = mount.move_to(-100.0, 60.0)
    assert head.target_deg == (-100.0, 60.0)
    assert on_the_way.moving
    advance(WHOLE_TRAVEL_S)
    there = mount.status()
    assert (there.azimuth_deg, there.elevation_deg) == (-100.0, 60.0)
    assert not there.moving


def test_a_head_under_way_is_seen_moving(pair):
    _head, mount, advance = pair
    mount.move_to(100.0, 60.0)
    for _ in range(5):
        advance(10.0)
        assert mount.status().moving


def test_stop_stops_and_is_remembered_until_the_next_move(pair):
    head, mount, advance = pair
    mount.move_to(100.0, 60.0)
    advance(10.0)
    assert mount.stop().held
    advance(5.0)
    assert not head.head.moving
    mount.status()
    advance(5.0)
    stopped = mount.status()
    assert stopped.held
    assert not stopped.moving
    assert not mount.move_to(50.0, 60.0).held


def test_stow_goes_to_the_stow_elevation_and_azimuth_stays(pair):
    head, mount, advance = pair
    mount.move_to(30.0, 60.0)
    advance(WHOLE_TRAVEL_S)
    assert mount.stow().stowing
    assert head.target_deg == (30.0, 90.0)
    advance(WHOLE_TRAVEL_S)
    assert not mount.status().stowing


@pytest.mark.parametrize("place", [(271.0, 45.0), (-270.5, 45.0), (0.0, 95.5), (0.0, -0.5)])
def test_the_host_keeps_the_travel_limits(pair, place):
    head, mount, _advance = pair
    with pytest.raises(CommandRefused, match="past its travel"):
        mount.move_to(*place)
    assert head.target_deg == (0.0, 45.0)


@pytest.mark.parametrize("angle", [math.nan, math.inf, -math.inf])
def test_only_finite_angles_are_sent(pair, angle):
    head, mount, _advance = pair
    with pytest.raises(ValueError, match="finite"):
        mount.move_to(angle, 45.0)
    assert head.target_deg == (0.0, 45.0)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ("home", "home it at its controller"),
        ("flatten", "no flat switch"),
        ("disable", "use its own switch"),
    ],
)
def test_what_the_language_lacks_is_refused_with_the_next_action(pair, order, says):
    head, mount, _advance = pair
    with pytest.raises(CommandRefused, match=says):
        getattr(mount, order)()
    assert not head.head.moving


def test_a_real_serial_line_and_a_real_socket_carry_it(station, pty_end, tcp_end, served):
    for protocol, end in (("easycomm3", pty_end), ("gs232b", pty_end), ("rotctld", tcp_end)):
        head = station(protocol)
        with served(end(head.connect)) as port:
            url = port if end is pty_end else f"tcp://127.0.0.1:{port}"
            with open_bus(url, protocol) as bus:
                mount = bus.mount(1)
                mount.configure(LIMITS)
                mount.move_to(-120.0, 60.0)
                assert head.target_deg == (-120.0, 60.0)
                bus.stop_all()
                assert head.head.held


def test_hamlibs_rotctld_obeys_our_client(rotctld):
    with open_bus(f"socket://127.0.0.1:{rotctld}", "rotctld") as bus:
        mount = bus.mount(1)
        start = mount.configure(LIMITS)
        assert (start.azimuth_deg, start.elevation_deg) == (0.0, 0.0)
        assert mount.move_to(12.0, 3.0).moving
        while (seen := mount.status()).azimuth_deg != 12.0:
            assert seen.moving
            select.select((), (), (), 0.05)  # Hamlib's dummy turns in real time
        assert mount.move_to(-200.0, 3.0).azimuth_deg > -200.0  # said as 160: it goes from -180 to 450
        assert mount.stop().held
        with pytest.raises(CommandRefused, match="elevation 91 deg is past its travel, 0 to 90 deg"):
            mount.move_to(0.0, 91.0)
