"""sunflower probe on real ptys: who is there, who has which address, which head is which."""

import json

import pytest

from firmware_bridge import addressing, probing
from firmware_bridge.errors import PortUnavailable
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from tracker.app.cli.main import main
from tracker.app.field.wiggle import directions_of, site_file_line, wiggled
from tracker.app.text.probing import text_of
from tracker.errors import RefusedForSafety

LOST = {"position_trusted": False, "azimuth_start_deg": 10.0, "elevation_start_deg": 30.0}


@pytest.fixture
def line():
    """Three heads in lockstep, one of which knows where it is."""
    devices = [
        SimulatedDevice(address=1, serial=4711),
        SimulatedDevice(address=2, serial=12, **LOST),
        SimulatedDevice(address=40, serial=2**32 - 1, **LOST),
    ]
    with SimulatorProcess(devices) as process:
        yield process


class Onlooker:
    """Answers by the question's words, and remembers what was said and how far the shafts went meanwhile."""

    def __init__(self, line, answers):
        self.line, self.answers, self.said, self.asked, self.extremes = line, answers, [], [], {}

    def ask(self, question):
        self.asked.append(question)
        return next((answer for words, answer in self.answers.items() if words in question), "")

    def say(self, message):
        self.said.append(message)

    def pause(self, seconds):
        self.line.advance(seconds)
        for address, shafts in self.line.truth().items():
            now = shafts.azimuth_counts, shafts.elevation_counts
            low, high = self.extremes.setdefault(address, (now, now))
            self.extremes[address] = tuple(map(min, low, now)), tuple(map(max, high, now))


def test_every_head_is_found_with_its_serial_number(line):
    found = probing.probe(line.port)
    assert found.protocol == "native"
    assert [(head.address, head.identity.serial) for head in found.heads] == [
        (1, 4711),
        (2, 12),
        (40, 2**32 - 1),
    ]
    assert [head.status.position_trusted for head in found.heads] == [True, False, False]
    assert found.troubles == ()


def test_probing_moves_nothing_and_renews_no_lease(line):
    before = line.truth()
    for _ in range(3):
        probing.probe(line.port)
        line.advance(2.0)
    assert line.truth() == before
    assert probing.probe(line.port).heads[0].status.lease_expired


@pytest.mark.parametrize("protocol", ["easycomm2", "gs232b"])
def test_a_head_of_another_protocol_is_found_and_what_it_lacks_is_said(protocol):
    with SimulatorProcess([SimulatedDevice()], protocol=protocol) as line:
        found = probing.probe(line.port)
    assert found.protocol[:5] == protocol[:5]  # GS-232A and B are driven alike
    assert found.heads[0].status.elevation_deg == 90.0
    assert any(says.startswith("no lease") for says in found.concerns)


@pytest.mark.parametrize("protocol", ["gs232a", "gs232b"])
def test_a_gs_232_is_said_to_be_either(protocol):
    with SimulatorProcess([SimulatedDevice()], protocol=protocol) as line:
        assert "1 head, gs232a or gs232b: name either" in text_of([probing.probe(line.port)])


def test_a_silent_line_is_no_error_and_names_no_protocol():
    with SimulatorProcess([SimulatedDevice()]) as silent:
        silent.inject(1, silent=True)
        found = probing.probe(silent.port)
    assert (found.protocol, found.heads) == (None, ())


def test_a_port_that_is_not_there_is_said():
    with pytest.raises(PortUnavailable, match="no-such-port"):
        probing.probe("/dev/no-such-port")


def test_two_devices_with_one_address_are_named_and_not_asked():
    assert list(probing._shared({7: 3, 9: 3, 11: 4})) == [
        "address 3 is shared by serial numbers 7, 9; give each one of its own"
    ]


def test_an_address_is_given_by_serial_number_and_kept_without_power(line):
    addressing.assign_address(line.port, 12, 7)
    line.inject(7, power=False)
    line.inject(7, power=True)
    assert [head.address for head in probing.probe(line.port).heads] == [1, 7, 40]


@pytest.mark.parametrize(
    ("serial", "address", "says"),
    [
        (12, 1, "belongs to serial number 4711"),
        (13, 5, "no device has serial number 13; those on this line: 12, 4711"),
        (12, 0, "use 1 to 247"),
        (12, 248, "use 1 to 247"),
    ],
)
def test_a_wrong_assignment_changes_nothing(line, serial, address, says):
    with pytest.raises(ValueError, match=says):
        addressing.assign_address(line.port, serial, address)
    assert [head.address for head in probing.probe(line.port).heads] == [1, 2, 40]


def test_a_wiggle_turns_one_head_a_degree_and_back_and_asks_what_was_seen(line):
    onlooker = Onlooker(line, {"Which head": "H07", "clockwise": "y", "toward flat": "n"})
    before = line.truth()
    (seen,) = wiggled(line.port, [2], ask=onlooker.ask, say=onlooker.say, pause=onlooker.pause)
    after = line.truth()
    assert (seen.name, seen.azimuth_right, seen.elevation_right) == ("H07", True, False)
    low, high = onlooker.extremes[2]
    assert high[0] - low[0] == pytest.approx(1000.0, abs=120.0)  # a degree, less the play in the gear
    assert high[1] - low[1] == pytest.approx(1000.0, abs=120.0)
    assert after[2].azimuth_counts == pytest.approx(before[2].azimuth_counts, abs=101.0)
    assert (after[1], after[40]) == (before[1], before[40])
    assert directions_of([seen]) == [
        "H07: elevation turns backward; swap its motor's and its encoder's wires, both"
    ]
    assert site_file_line([seen]) == "heads = { H07 = 2 }"


def test_whoever_is_turned_is_told_before_and_holds_afterwards(line):
    onlooker = Onlooker(line, {"Enter turns it": "s"})
    wiggled(line.port, [1, 40], ask=onlooker.ask, say=onlooker.say, pause=onlooker.pause)
    assert [message for message in onlooker.said if "keep clear" in message and "device 40" in message]
    assert [head.status.held for head in probing.probe(line.port).heads] == [True, False, True]


def test_a_head_with_its_emergency_stop_pressed_is_not_turned(line):
    line.inject(2, emergency_stop=True)
    onlooker = Onlooker(line, {})
    with pytest.raises(RefusedForSafety, match="emergency stop"):
        wiggled(line.port, [2], ask=onlooker.ask, say=onlooker.say, pause=onlooker.pause)
    assert onlooker.asked == []


def test_the_command_gives_one_document(line, capsys):
    assert main(["probe", line.port, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["lines"]
    assert [head["serial"] for head in found["heads"]] == [4711, 12, 2**32 - 1]
    assert "finds its home switches" in found["heads"][0]["can"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--wiggle"], 2, "name its PORT"),
        (["/dev/no-such-port"], 3, "no-such-port"),
        (["PORT", "--set-address", "12"], 2, "SERIAL=ADDRESS"),
        (["PORT", "--set-address", "12=1"], 2, "belongs to serial number 4711"),
        (["PORT", "--protocol", "klingon"], 2, "klingon"),
    ],
)
def test_wrong_use_has_its_message_and_code(line, capsys, arguments, code, says):
    assert main(["probe", *(line.port if each == "PORT" else each for each in arguments)]) == code
    assert says in capsys.readouterr().err
