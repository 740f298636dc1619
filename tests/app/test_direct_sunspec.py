"""Heads behind plain SunSpec 601 controllers, told without a run: this host keeps their limits."""

import json
import time

import pytest

from firmware_bridge.dialects.sunspec.over_mounts import MountArray
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.modbus.served import ModbusServer
from firmware_bridge.reports import AxisStatus

VENDOR, NOBODYS = 64601, 64999
MARKER, HEADER = 2, 2  # registers


class Head:
    """A drive that is where it was sent at once."""

    def __init__(self):
        self.azimuth_deg, self.elevation_deg = 90.0, 45.0

    def status(self):
        return AxisStatus(
            azimuth_deg=self.azimuth_deg, elevation_deg=self.elevation_deg, position_trusted=True,
            moving=False, emergency_stop=False, drive_enabled=True, lease_expired=False, stowing=False,
            homing=False, held=False, flat=False, fault_code=0, device_time_s=0.0,
        )  # fmt: skip

    def move_to(self, azimuth_deg, elevation_deg):
        self.azimuth_deg, self.elevation_deg = azimuth_deg, elevation_deg
        return self.status()


class Plain(ArrayMap):
    """The same registers as those of somebody who knows nothing of our block."""

    def read(self, function, address, count, now_s):
        registers = super().read(function, address, count, now_s)
        if address <= self.block() < address + count:
            registers[self.block() - address] = NOBODYS
        return registers

    def block(self):
        at = self.base + MARKER
        while True:
            number, length = super().read(3, at, HEADER, 0.0)
            if number == VENDOR:
                return at
            at += HEADER + length


@pytest.fixture
def site(tmp_path):
    """A site of two heads behind one controller, and the heads."""
    heads = {"H01": Head(), "H02": Head()}
    array_map = Plain(MountArray("field", heads))
    with ModbusServer({1: array_map}, "tcp:0", time.monotonic) as server:
        path = tmp_path / "site.toml"
        path.write_text(
            "[array]\nheads = 2\n[mount]\nelevation_range_deg = [0, 90]\n[[bridge]]\n"
            f"protocol = 'sunspec'\nport = 'socket://127.0.0.1:{server.port}?unit=1'\n"
        )
        yield path, heads


@pytest.mark.parametrize("verb", ["stow", "status"])
def test_a_stow_without_a_run_knows_where_flat_is_and_status_moves_nothing(verb, site, sunflower):
    path, heads = site
    done = sunflower(verb, path, "--head", "H02", "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)["heads"]
    assert (told["name"], told["says"]) == ("H02", "")
    assert heads["H02"].elevation_deg == (90.0 if verb == "stow" else 45.0)
    assert heads["H02"].azimuth_deg == 90.0
    assert heads["H01"].elevation_deg == 45.0
