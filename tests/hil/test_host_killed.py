"""A host that is killed (SIGKILL) while it slews a head: in real time, over a real pty."""

import itertools
import signal
import subprocess
import sys

import pytest

from firmware_bridge.transport.serial_port import SerialPort
from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import GetStatus, Status, StatusFlag

LEASE_MS, WITHIN_MS = 1000, 1000
BAUD, ANSWER_WITHIN_S, LOOKS = 115200, 0.2, 100_000
# It homes the head, sends it far away, keeps its lease alive, says so line by line, and never stops it.
HOST = """
import sys
from firmware_bridge import AxisLimits, open_bus
from firmware_bridge.gearing import Gearing, SlewDrive
from firmware_bridge.wire.session import Patience
from firmware_bridge.transport.serial_port import SerialPort

gearing = Gearing(azimuth=SlewDrive(counts_per_deg=100.0), elevation=SlewDrive(counts_per_deg=200.0))
limits = AxisLimits(
    azimuth_range_deg=(-30.0, 420.0), elevation_range_deg=(-5.0, 40.0), stow_elevation_deg=40.0,
    azimuth_rate_deg_s=20.0, elevation_rate_deg_s=5.0,
    azimuth_acceleration_deg_s2=40.0, elevation_acceleration_deg_s2=10.0, lease_s=1.0,
)
with open_bus(sys.argv[1], patience=Patience()) as bus:
    head = bus.mount(1, gearing)
    head.configure(limits)
    head.home()
    while not head.keep_alive().position_trusted:
        pass
    head.move_to(400.0, 5.0)
    while True:
        print(head.keep_alive().azimuth_deg, flush=True)
"""


def looks(port: SerialPort):
    """What somebody sees who only looks, which keeps no lease alive: statuses, as fast as they come."""
    receiver = FrameReceiver()
    for sequence in range(LOOKS):
        port.write(encode_frame(1, sequence % SEQUENCES, GetStatus()))
        heard: list[bytes] = []
        while not heard and (data := port.read(ANSWER_WITHIN_S)):
            heard = receiver.feed(data)
        for contents in heard:
            message = decode_contents(contents).message
            if isinstance(message, Status):
                yield message


@pytest.fixture
def slewing(starting_in_real_time, kind):
    """A head in real time and the process that slews it."""
    process = starting_in_real_time(kind)
    host = subprocess.Popen([sys.executable, "-c", HOST, process.port], stdout=subprocess.PIPE, text=True)
    yield process, host
    host.kill()
    host.wait()
    host.stdout.close()


def test_a_killed_host_lets_the_head_stow_within_the_lease_and_a_second(slewing):
    process, host = slewing
    assert any(float(line) > 20.0 for line in host.stdout)
    host.send_signal(signal.SIGKILL)
    assert host.wait() == -signal.SIGKILL
    port = SerialPort(process.port, BAUD)
    try:
        seen = looks(port)
        first = next(seen)  # the host was dead by then: the lease ends no later than a lease from here
        assert first.flags & StatusFlag.AZIMUTH_MOVING
        latest_ms = first.uptime_ms + LEASE_MS + WITHIN_MS
        in_time = itertools.takewhile(lambda status: status.uptime_ms <= latest_ms, seen)
        stowing = next(status for status in in_time if status.flags & StatusFlag.STOWING)
        assert stowing.elevation_target_counts == 8000
        assert stowing.flags & StatusFlag.LEASE_EXPIRED
    finally:
        port.close()
