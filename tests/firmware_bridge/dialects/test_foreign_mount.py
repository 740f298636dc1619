"""Our side of the foreign dialects: what is sent, what is believed, and what happens when the line is bad."""

import math

import pytest

from firmware_bridge import (
    AxisLimits,
    CommandRefused,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    open_bus,
)
from firmware_bridge.dialects import DIALECTS
from firmware_bridge.dialects.requests import ForeignFault
from firmware_bridge.mount import fault_words

LIMITS = AxisLimits(
    azimuth_range_deg=(-270.0, 270.0),
    elevation_range_deg=(0.0, 94.6),
    azimuth_rate_deg_s=0.5,
    elevation_rate_deg_s=0.3,
    stow_elevation_deg=80.0,
)
FOREIGN = ("easycomm2", "easycomm3", "gs232a", "gs232b", "rotctld")


class Controller:
    """A controller that says what a test wants it to say; its own azimuth runs from 0 to 360."""

    def __init__(self, azimuth_deg=0.0, elevation_deg=45.0, registers="") -> None:
        self.azimuth_deg, self.elevation_deg, self.registers = azimuth_deg, elevation_deg, registers
        self.heard = []

    def __call__(self, data: bytes) -> bytes:
        self.heard.append(data)
        answer = f"AZ{self.azimuth_deg:.1f} EL{self.elevation_deg:.1f}\n" if data.startswith(b"AZ") else ""
        asks = data.startswith((b"AZ EL", b"AZ\n"))
        return (answer + self.registers).encode() if asks else b""


class TestEasyComm:
    @pytest.fixture
    def controller(self):
        return Controller()

    @pytest.fixture
    def client(self, host, controller):
        client = host("easycomm2", controller)
        client.mount.configure(LIMITS)
        controller.heard.clear()
        return client

    def test_says_angles_as_the_head_counts_them(self, client, controller):
        client.mount.move_to(-100.04, 60.0)
        assert controller.heard == [b"AZ260.0 EL60.0\n", b"AZ EL \n"]

    def test_rounds_inward_at_the_end_of_the_travel(self, host, controller):
        head = host("easycomm2", controller)
        head.mount.configure(
            AxisLimits(
                azimuth_range_deg=(-10.07, 10.07),
                elevation_range_deg=(0.0, 85.07),
                azimuth_rate_deg_s=1.0,
                elevation_rate_deg_s=1.0,
                stow_elevation_deg=80.0,
            )
        )
        head.mount.move_to(10.06, 85.06)
        assert b"AZ10.0 EL85.0\n" in controller.heard

    def test_never_says_minus_zero(self, client, controller):
        client.mount.move_to(-0.01, 0.01)
        assert controller.heard[0] == b"AZ0.0 EL0.0\n"

    def test_stops_twice_for_the_first_may_meet_the_rest_of_a_spoiled_line(self, client, controller):
        client.mount.stop()
        assert controller.heard[0] == b"SA SE \nSA SE \n"

    def test_asks_the_other_way_when_the_first_finds_no_answer(self, host):
        def newer_only(data):
            return b"AZ12.0\nEL34.0\n" if data == b"AZ\nEL\n" else b""

        seen = host("easycomm2", newer_only).mount.status()
        assert (seen.azimuth_deg, seen.elevation_deg) == (12.0, 34.0)

    @pytest.mark.parametrize(
        "answer",
        [
            b"AZ12.0 EL34.0\r\n",
            b"AZ12 EL34\n",
            b"AZ012.0 EL034.0\n",
            b"AZ+12.0 EL+34.0\n",
            b"AL:wind\nAZ12.0 EL34.0\n",
            b"\xff\x00garbage\nAZ12.0\nEL34.0\n",
            b"AZ99.0 EL99.0x\nAZ12.0 EL34.0\n",
        ],
    )
    def test_understands_what_controllers_say(self, host, answer):
        seen = host("easycomm2", lambda data: answer if data else b"").mount.status()
        assert (seen.azimuth_deg, seen.elevation_deg) == (12.0, 34.0)

    @pytest.mark.parametrize(
        "answer",
        [b"AZ12,0 EL34,0\n", b"AZ12.0EL34.0\n", b"az12.0 el34.0\n", b"AZ12.0 EL34.0\r"[:-1], b"AZ1e2 EL3\n"],
    )
    def test_makes_nothing_up_from_what_it_does_not_understand(self, host, answer):
        with pytest.raises(RemoteProtocolError, match="check protocol, speed and wiring"):
            host("easycomm2", lambda data: answer if data else b"").mount.status()

    def test_a_silent_head_is_a_lost_link(self, host):
        with pytest.raises(LinkLost, match=r"no answer to GetPose in 3 tries of 0\.3 s"):
            host("easycomm2", lambda _data: b"").mount.status()

    def test_an_answer_that_came_too_late_is_not_the_next_one(self, client, controller):
        client.wire.respond = lambda _data: b""
        with pytest.raises(LinkLost):
            client.mount.status()
        client.wire.respond = controller
        client.wire.arrived = b"AZ99.0 EL9.0\n"
        assert client.mount.status().elevation_deg == 45.0

    def test_version_3_tells_motion_and_faults(self, host):
        head = host("easycomm3", Controller(registers="GS2\nGE2\n")).mount
        assert head.status().moving
        assert head.status().fault_code == ForeignFault.JAM

    def test_a_controller_without_registers_is_no_version_3(self, host):
        with pytest.raises(RemoteProtocolError):
            host("easycomm3", Controller()).mount.status()


class WithLimits:
    """A head behind EasyComm II whose limits are known."""

    @pytest.fixture
    def controller(self):
        return Controller()

    @pytest.fixture
    def client(self, host, controller):
        client = host("easycomm2", controller)
        client.mount.configure(LIMITS)
        return client


class TestMotion(WithLimits):
    def later(self, client, seconds):
        client.clock.now_s += seconds
        return client.mount.status()

    def test_a_head_that_was_told_to_move_and_does_not_is_soon_seen_standing(self, client):
        assert client.mount.move_to(90.0, 45.0).moving
        assert self.later(client, 1.0).moving
        assert not self.later(client, 10.0).moving

    def test_a_head_that_stops_short_within_its_dead_band_is_seen_standing(self, client, controller):
        client.mount.move_to(90.0, 45.0)
        controller.azimuth_deg = 89.3
        assert self.later(client, 10.0).moving
        assert not self.later(client, 10.0).moving

    def test_the_azimuth_is_named_after_the_target_for_a_head_that_counts_one_turn(self, client, controller):
        client.mount.move_to(-100.0, 45.0)
        controller.azimuth_deg = 260.0
        assert self.later(client, 10.0).azimuth_deg == -100.0
        client.mount.move_to(250.0, 45.0)
        controller.azimuth_deg = 250.0
        assert self.later(client, 10.0).azimuth_deg == 250.0

    def test_a_jump_while_standing_ends_all_motion_until_somebody_has_looked(self, client, controller):
        client.mount.move_to(90.0, 45.0)
        controller.azimuth_deg = 90.0
        self.later(client, 10.0)
        controller.azimuth_deg = controller.elevation_deg = 0.0  # it has lost power, and begun at zero
        assert not self.later(client, 10.0).position_trusted
        controller.heard.clear()
        with pytest.raises(CommandRefused, match="look at the head, then clear it"):
            client.mount.move_to(90.0, 45.0)
        with pytest.raises(CommandRefused, match="look at the head, then clear it"):
            client.mount.stow()
        assert all(data.startswith(b"AZ EL") for data in controller.heard)
        client.mount.stop()
        assert client.mount.clear_fault().position_trusted
        client.mount.move_to(90.0, 45.0)

    def test_one_disturbed_answer_is_no_jump(self, client, controller):
        client.mount.move_to(90.0, 45.0)
        controller.azimuth_deg = 90.0
        self.later(client, 10.0)
        answers = iter([b"AZ10.0 EL45.0\n"])
        client.wire.respond = lambda data: next(answers, None) or controller(data)
        assert self.later(client, 10.0).position_trusted
        assert self.later(client, 1.0).azimuth_deg == 90.0

    def test_a_stow_is_not_held_up_by_an_answer_that_is_missing(self, client, controller):
        controller.azimuth_deg = 4.0
        self.later(client, 1.0)
        client.wire.respond = lambda data: controller(data) and b""
        with pytest.raises(LinkLost):
            client.mount.stow()
        assert b"AZ4.0 EL80.0\n" in controller.heard


class TestStandsStill(WithLimits):
    """A jammed head, or one without power at its motors, answers as a healthy one does."""

    def watched(self, client, seconds, each_second=lambda second: None):
        """Its fault after so many seconds, in each of which it is asked once."""
        for second in range(seconds):
            client.clock.now_s += 1.0
            each_second(second)
            fault = client.mount.status().fault_code
            if fault:
                return fault
        return 0

    def test_it_is_a_fault_though_it_is_told_again_and_again(self, client, controller, caplog):
        client.mount.move_to(90.0, 45.0)
        assert not self.watched(client, 15)
        assert self.watched(client, 30, lambda _: client.mount.move_to(90.0, 45.0)) == ForeignFault.STANDS
        assert not client.mount.status().moving
        assert b"SA SE \nSA SE \n" in controller.heard
        assert "commanded to move but stands still" in caplog.text

    def test_a_stow_that_does_not_happen_is_a_fault(self, client):
        client.mount.stow()
        assert self.watched(client, 40) == ForeignFault.STANDS
        assert not client.mount.status().stowing

    def test_a_last_digit_that_flickers_is_no_motion(self, client, controller):
        client.mount.move_to(90.0, 45.0)

        def flicker(second):
            controller.azimuth_deg = 0.1 * (second % 2)

        assert self.watched(client, 60, flicker) == ForeignFault.STANDS

    def test_the_fault_stays_until_it_is_cleared_and_comes_back_with_its_cause(self, client, controller):
        client.mount.move_to(90.0, 45.0)
        self.watched(client, 60)
        assert client.mount.status().fault_code == ForeignFault.STANDS
        assert client.mount.clear_fault().fault_code == 0
        assert not self.watched(client, 60)
        client.mount.move_to(90.0, 45.0)
        assert self.watched(client, 60) == ForeignFault.STANDS

    def test_a_head_that_is_where_it_shall_be_may_stand_for_ever(self, client):
        client.mount.move_to(0.0, 45.0)
        assert not self.watched(client, 600)

    @pytest.mark.parametrize(
        ("protocol", "each_second_deg"),
        [("easycomm2", 0.03), ("gs232b", 0.05), ("rotctld", 0.03)],  # a tenth of the site's rate, or near
    )
    def test_a_slow_head_is_not_taken_for_a_jammed_one(self, host, station, protocol, each_second_deg):
        head = station(protocol, azimuth_rate_deg_s=each_second_deg)
        client = host(protocol, head.receive)
        client.mount.configure(LIMITS)
        client.mount.move_to(90.0, 45.0)
        assert not self.watched(client, 600, lambda _: head.advance(1.0))
        assert head.pose_deg[0] > 10.0

    @pytest.mark.parametrize("protocol", FOREIGN)
    def test_following_the_sun_in_small_steps_is_no_fault(self, host, station, protocol):
        head = station(protocol)
        client = host(protocol, head.receive)
        client.mount.configure(LIMITS)

        def follow(second):
            client.mount.move_to(10.0 + 0.004 * second, 45.0 + 0.002 * second)
            head.advance(1.0)

        assert not self.watched(client, 900, follow)
        assert head.pose_deg[0] > 12.0

    def test_a_rotator_with_a_dead_band_follows_the_sun_late_and_has_no_fault(self, client, controller):
        def follow(second):
            target_deg = 0.004 * second
            client.mount.move_to(target_deg, 45.0)
            if target_deg - controller.azimuth_deg > 1.5:
                controller.azimuth_deg = round(target_deg, 1)

        assert not self.watched(client, 1200, follow)
        assert controller.azimuth_deg > 3.0

    def test_what_happens_while_nobody_asks_is_not_held_against_it(self, client, controller):
        client.mount.move_to(90.0, 45.0)
        client.clock.now_s += 3600.0  # the line was away, and the head without power
        assert client.mount.status().fault_code == 0
        controller.azimuth_deg = 1.0
        assert not self.watched(client, 10)


class TestRefusesMoves:
    def answers(self, data):
        if data == b"C2\r":
            return b"AZ=010  EL=020\r\n"
        return b"?>\r\n" if data.startswith(b"W") and self.refuses else b""

    def moved(self, client):
        with pytest.raises(CommandRefused, match=r"answers \?>"):
            client.mount.move_to(90.0, 45.0)
        return client.mount.status()

    @pytest.fixture
    def client(self, host):
        self.refuses = True
        client = host("gs232b", self.answers)
        client.mount.configure(LIMITS)
        return client

    def test_three_running_are_a_fault_until_cleared(self, client, caplog):
        seen = [self.moved(client) for _ in range(3)]
        assert [status.fault_code for status in seen] == [0, 0, ForeignFault.REFUSES]
        assert not any(status.moving for status in seen)
        assert "it refuses every move" in fault_words(ForeignFault.REFUSES)
        assert fault_words(ForeignFault.REFUSES) in caplog.text
        self.refuses = False
        assert client.mount.clear_fault().fault_code == 0
        assert client.mount.move_to(90.0, 45.0).moving

    def test_one_that_is_obeyed_between_them_begins_the_count_anew(self, client):
        self.moved(client), self.moved(client)
        self.refuses = False
        client.mount.move_to(90.0, 45.0)
        self.refuses = True
        assert [self.moved(client).fault_code for _ in range(2)] == [0, 0]


class TestGs232:
    def test_says_whole_degrees_inside_the_travel(self, station, host):
        head = station("gs232b")
        client = host("gs232b", head.receive)
        client.mount.configure(LIMITS)
        client.mount.move_to(-100.4, 94.6)
        assert b"W260 094\r" in client.wire.written

    def test_a_refused_move_is_refused_here(self, host):
        client = host("gs232a", lambda data: b"+0010+0020\r\n" if data == b"C2\r" else b"?>")
        with pytest.raises(CommandRefused, match=r"answers \?>"):
            client.mount.move_to(10.0, 20.0)

    def test_a_stop_is_not_taken_for_refused_when_it_clears_a_spoiled_line(self, host):
        client = host("gs232a", lambda data: b"+0010+0020\r\n" if data == b"C2\r" else b"?>\r\n")
        assert client.mount.stop().held

    @pytest.mark.parametrize("protocol", ["gs232a", "gs232b"])
    @pytest.mark.parametrize("answer", [b"+0010+0020\r\n", b"AZ=010  EL=020\r\n", b"?>\r\nAZ=010EL=020\r\n"])
    def test_either_style_is_understood(self, host, protocol, answer):
        seen = host(protocol, lambda data: answer if data else b"").mount.status()
        assert (seen.azimuth_deg, seen.elevation_deg) == (10.0, 20.0)

    def test_turns_are_told_apart_where_the_travel_goes_past_one(self, host):
        client = host("gs232b", lambda data: b"AZ=370  EL=045\r\n" if data == b"C2\r" else b"")
        wide = AxisLimits(
            azimuth_range_deg=(0.0, 450.0),
            elevation_range_deg=(0.0, 90.0),
            azimuth_rate_deg_s=1.0,
            elevation_rate_deg_s=1.0,
        )
        assert client.mount.configure(wide).azimuth_deg == 370.0
        client.mount.move_to(380.0, 45.0)
        assert b"W380 045\r" in client.wire.written


class TestRotctld:
    def test_reads_the_servers_range_again_on_a_new_line(self, station, host):
        head = station("rotctld")
        client = host("rotctld", head.receive)
        client.mount.configure(LIMITS)
        assert client.wire.written.count(b"dump_state") == 1
        client.mount.move_to(10.0, 20.0)
        assert client.wire.written.count(b"dump_state") == 1
        client.wire.opening += 1
        client.mount.move_to(20.0, 20.0)
        assert client.wire.written.count(b"dump_state") == 2

    def test_a_late_answer_is_never_taken_for_anothers(self, station, host):
        head = station("rotctld")
        late = b"set_pos: 1.00 2.00\nRPRT -1\nget_pos:\nAzimuth: 5.00\n"
        client = host("rotctld", lambda data: late + head.receive(data) if data else b"")
        assert client.mount.status().azimuth_deg == 0.0
        client.mount.move_to(10.0, 20.0)
        assert head.target_deg == (10.0, 20.0)

    def test_what_the_server_declines_is_told_in_words(self, host):
        def answers(data):
            command = data.decode().removeprefix("+\\").rstrip("\n").replace(" ", ": ", 1)
            return f"{command}{'' if ':' in command else ':'}\nRPRT -6\n".encode() if data else b""

        client = host("rotctld", answers)
        with pytest.raises(RemoteProtocolError, match="-6: its rotator cannot be reached"):
            client.mount.status()
        with pytest.raises(CommandRefused, match="-6: its rotator cannot be reached"):
            client.mount.stop()


@pytest.mark.parametrize("protocol", FOREIGN)
def test_a_foreign_port_carries_one_head(station, host, protocol):
    bus = host(protocol, station(protocol).receive).bus
    with pytest.raises(LocalProtocolError, match="carries one head, at address 1, not at 2"):
        bus.mount(2)


@pytest.mark.parametrize("protocol", FOREIGN)
def test_stop_and_stow_for_all_reach_the_one(station, host, protocol):
    head = station(protocol)
    client = host(protocol, head.receive)
    client.mount.configure(LIMITS)
    assert client.bus.stow_all()[1].stowing
    assert head.target_deg == (0.0, 80.0)
    client.bus.keep_alive()
    assert client.bus.stop_all()[1].held
    assert head.head.held
    client.wire.respond = lambda _data: b""
    with pytest.raises(LinkLost, match="stop was sent, but not confirmed"):
        client.bus.stop_all()


@pytest.mark.parametrize("protocol", FOREIGN)
def test_enable_keep_alive_and_clear_only_look(station, host, protocol):
    head = station(protocol)
    mount = host(protocol, head.receive).mount
    for order in (mount.enable, mount.keep_alive, mount.clear_fault):
        seen = order()
        assert seen.drive_enabled
        assert math.isnan(seen.device_time_s)
    assert not head.head.moving


def test_native_has_no_concerns_and_every_foreign_dialect_has_those_that_it_must():
    assert DIALECTS["native"].capabilities.concerns == ()
    for protocol in FOREIGN:
        concerns = " ".join(DIALECTS[protocol].capabilities.concerns)
        assert "no lease" in concerns
        assert "whether its position is true" in concerns
        assert ("0.5 deg beside the sun" in concerns) == protocol.startswith("gs232")
        assert ("no checksum" in concerns) == (protocol != "rotctld")


def test_an_unknown_protocol_names_the_known_ones():
    with pytest.raises(ValueError, match="'morse' is unknown; use one of: native, easycomm2"):
        open_bus("/dev/null", "morse")
