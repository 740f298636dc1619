"""What must hold for any bytes that reach a device or a host of the native wire.

No exception out of the API but those it names; memory bounded; no motion that no whole frame asked for, none
with the emergency stop pressed, and none beyond the travel. What a whole frame is, is said here again.
"""

from contextlib import suppress

from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import BridgeError
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.codec import LONGEST_FRAME, encode_frame, frame_around
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.reported import Reports
from firmware_bridge.wire.schema import GetStatus, Hello, SetAddress, Stop
from firmware_bridge.wire.search import SerialSearch
from firmware_bridge.wire.session import Patience

LONGEST_CONTENTS = 70  # longer than any: what is too long must be dropped as well
MOVING_IDS = {0x10, 0x12, 0x13, 0x14, 0x19}
HELLO = encode_frame(1, 0, Hello(host_nonce=1, greeting=1))
REQUESTS = (GetStatus(), Stop(), Hello(host_nonce=2, greeting=2), SetAddress(serial=1001, address=1))
POLYNOMIAL = 0x82F63B78


def whole_frames(data: bytes) -> list[bytes]:
    """The contents of all frames, by the book and slowly."""
    plains = [_unstuffed(piece) for piece in data.split(b"\0") if piece]
    return [
        plain[:-4]
        for plain in plains
        if len(plain) >= 7 and _divided(plain[:-4]) == int.from_bytes(plain[-4:], "little")
    ]


def check_device(data: bytes, chunk: int, *, emergency: bool) -> None:
    """Bytes on the line of a greeted head that stands still."""
    line = SimulatedLine([SimulatedDevice(elevation_start_deg=45.0, lease_s=4e6)])
    head = line.stations[1].head
    line.receive(HELLO)
    head.press_emergency_stop(emergency)
    limits = head.parameters
    answered = 0
    for at in range(0, len(data), chunk):
        answered += len(line.receive(data[at : at + chunk]))
        line.advance(20)
        assert line.receiver.pending_bytes <= FrameReceiver.LONGEST_HELD
        assert not (emergency and head.moving)
        if head.trusted and head.moving and limits is head.parameters:
            azimuth, elevation = head.target_counts
            assert limits.azimuth_min_counts - 300 <= azimuth <= limits.azimuth_max_counts + 300
            assert limits.elevation_min_counts - 300 <= elevation <= limits.elevation_max_counts + 300
    frames = whole_frames(data)
    assert answered <= LONGEST_FRAME * len(frames)
    if not any(contents[2] in MOVING_IDS for contents in frames):
        assert not head.moving
        assert (head.azimuth.motor, head.elevation.motor) == (0.0, 45000.0)


def check_host(data: bytes, chunk: int, request: int) -> None:
    """Bytes on the line of a host that waits for an answer, and of one that looks for devices."""
    line = NativeLine(Patience())
    session, now_s = line.session(1), 0.0
    session.request(REQUESTS[request % len(REQUESTS)], now_s)
    search = SerialSearch(low=0, high=3, repeats=1)
    with suppress(BridgeError):
        for at in range(0, len(data), chunk):
            piece = data[at : at + chunk]
            session.receive(piece)
            search.receive(piece)
            now_s += 0.03
            session.expire(now_s)
            assert line.receiver.pending_bytes <= FrameReceiver.LONGEST_HELD
    assert len(line.reports.take()) <= Reports.LONGEST_HELD
    calls = 0
    while search.call():
        search.receive(data)
        calls += 1
        assert calls <= 2 * 4 - 1  # every range of four numbers once


def framed(data: bytes) -> bytes:
    """Whole frames made from any bytes: a length, then contents to our device."""
    out, at = [], 0
    while at + 3 < len(data):
        size = min(3 + data[at] % (LONGEST_CONTENTS - 3), len(data) - at - 1)
        contents = data[at + 1 : at + 1 + size]
        if size >= 3:
            out.append(frame_around(bytes((contents[0] % 3,)) + contents[1:]))
        at += 1 + size
    return b"".join(out)


def check(data: bytes) -> None:
    """One input: the first byte chooses, the rest is what arrives."""
    if len(data) < 2:
        return
    choice, chunk = data[0], 1 + data[1] % 64
    arriving = framed(data[2:]) if choice & 1 else data[2:]
    if choice & 2:
        check_host(arriving, chunk, choice >> 2)
    else:
        check_device(arriving, chunk, emergency=bool(choice & 4))


def _unstuffed(piece: bytes) -> bytes:
    out, left = bytearray(), piece[0]
    for byte in piece[1:]:
        left -= 1
        if left == 0:
            out.append(0)
            left = byte
        else:
            out.append(byte)
    return bytes(out) if left == 1 else b""


def _divided(data: bytes) -> int:
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (POLYNOMIAL if remainder & 1 else 0)
    return remainder ^ 0xFFFFFFFF
