"""How boards are built and started for people: `sunflower simulate --device host|avr`."""

import dataclasses

import pytest

from firmware_bridge import open_bus
from firmware_bridge.simulator import boards as simulated_boards
from firmware_bridge.simulator.boards import ToolMissing, board_options, build_board, start_board
from firmware_bridge.simulator.client import SimulatorFailed
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.wire.schema import ResetCause


@pytest.fixture
def built(boards, board_kind, monkeypatch):
    """A kind whose board is there already."""
    board = boards(board_kind)
    monkeypatch.setattr(simulated_boards, "build_board", lambda kind, folder: board)
    return board_kind


def test_a_board_serves_in_real_time_at_its_address_behind_a_link(built, tmp_path):
    device = SimulatedDevice(address=12)
    link = tmp_path / "line"
    with start_board(built, device, link=str(link)) as process:
        assert process.port == str(link)
        with open_bus(process.port) as bus:
            identity = bus.mount(12, device.gearing).hello()
        assert identity.serial == device.serial_number
        assert identity.reset_cause == ResetCause.POWER_ON
    assert not link.is_symlink()


def test_its_time_is_the_clock_s_own(built):
    with start_board(built, SimulatedDevice()) as process, pytest.raises(SimulatorFailed, match="lockstep"):
        process.advance(1.0)


def test_another_kind_is_named_with_those_there_are(tmp_path):
    with pytest.raises(ValueError, match="'arm' is unknown; use one of: python, host, avr"):
        build_board("arm", tmp_path)


def test_missing_tools_are_named_by_their_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissing, match=r"the avr board needs: make gcc .* gcc-avr"):
        build_board("avr", tmp_path)


def test_the_mechanics_are_those_of_the_simulated_device():
    device = dataclasses.replace(SimulatedDevice(), counts_per_deg_elevation=200.0, elevation_home_deg=5.0)
    options = board_options(device)
    assert options["elevation_home_counts"] == 1000.0
    assert options["elevation_high_stop_counts"] == 97.0 * 200.0
    assert options["azimuth_low_stop_counts"] == -272_000.0
    assert options["flat_counts"] == 18_000.0


def test_an_injection_that_does_not_exist_is_declined(boards, board_kind, starting):
    head = starting(board_kind)
    with pytest.raises(SimulatorFailed, match="fault or value is unknown"):
        head.process.inject(head.address, earthquake=True)
