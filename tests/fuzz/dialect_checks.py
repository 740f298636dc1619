"""What must hold for any bytes that reach a server or a client of a text dialect.

No exception out of the API but those it names; memory bounded; nothing moves unless the bytes hold a whole
valid command. What a whole valid command is, is said here a second time, as one expression for each dialect.
"""

import re
from contextlib import suppress

from firmware_bridge.dialects.rotator import Seen, Travel, Verdict
from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.errors import BridgeError
from firmware_bridge.foreign_bus import ForeignBus
from firmware_bridge.link import Link
from firmware_bridge.reports import AxisLimits
from firmware_bridge.wire.session import Patience

PROTOCOLS = tuple(SERVERS)
LONGEST_LINE = 128
LONGEST_ANSWER = 512
PATIENCE = Patience(reply_within_s=0.3, tries=3)
AZIMUTH_DEG, ELEVATION_DEG = (-270.0, 270.0), (0.0, 95.0)

_NUMBER = rb"[+-]?\d{1,6}(?:\.\d{1,9})?"
_ANGLE = rb"(?:AZ|EL)" + _NUMBER
_RADIO = rb"(?:UP|DN)\d*(?: +[A-Z][A-Z0-9-]*)?|(?:UM|DM)[A-Z0-9-]*|(?:UR|DR)\d+|AO|LO|ST[\d:]+"
_STILL = rb"(?:AZ|EL|VE|GS|GE|CR ?0|" + _RADIO + rb")"


def _easycomm(turns: bytes) -> re.Pattern[bytes]:
    word = rb"(?:" + _ANGLE + rb"|PARK|RESET|" + turns + rb"|" + _STILL + rb")"
    gap, moving = rb"[ ;]", rb"(?:" + _ANGLE + rb"|PARK|RESET|" + turns + rb")"
    return re.compile(
        gap + rb"*(?:" + word + gap + rb"+)*" + moving + rb"(?:" + gap + rb"+" + word + rb")*" + gap + rb"*"
    )


MOVING_LINES = {
    "easycomm2": _easycomm(rb"M[UDLR]"),
    "easycomm3": _easycomm(rb"M[UDLR]|V[UDLR]\d{1,5}"),
    "gs232a": re.compile(rb"[UDLR]|M\d{3}|W\d{3} \d{3}"),
    "gs232b": re.compile(rb"[UDLR]|M\d{3}|W\d{3} \d{3}"),
    "rotctld": re.compile(
        rb" *\+? *(?:(?:P|\\set_pos|M|\\move) +" + _NUMBER + rb" +" + _NUMBER
        + rb"|(?:R|\\reset) +\+?0*1(?:\.0+)?|K|\\park) *"
    ),
}  # fmt: skip
SAID = {
    "easycomm2": re.compile(rb"AZ(-?[\d.]+) EL(-?[\d.]+)\n"),
    "easycomm3": re.compile(rb"AZ(-?[\d.]+) EL(-?[\d.]+)\n"),
    "gs232a": re.compile(rb"W(\d+) (\d+)\r"),
    "gs232b": re.compile(rb"W(\d+) (\d+)\r"),
    "rotctld": re.compile(rb"set_pos (-?[\d.]+) (-?[\d.]+)\n"),
}
LIMITS = AxisLimits(
    azimuth_range_deg=AZIMUTH_DEG,
    elevation_range_deg=ELEVATION_DEG,
    azimuth_rate_deg_s=0.5,
    elevation_rate_deg_s=0.3,
    stow_elevation_deg=90.0,
)


class Recorder:
    """A rotator that notes what it is told, and takes everything inside its travel."""

    travel = Travel(
        azimuth_range_deg=AZIMUTH_DEG,
        elevation_range_deg=ELEVATION_DEG,
        azimuth_rate_deg_s=0.5,
        elevation_rate_deg_s=0.3,
    )

    def __init__(self) -> None:
        self.motions, self.stops = [], 0

    def look(self) -> Seen:
        return Seen(azimuth_deg=123.456, elevation_deg=45.678, moving=False)

    def move_to(self, azimuth_deg, elevation_deg) -> Verdict:
        self.motions.append(("move_to", azimuth_deg, elevation_deg))
        assert azimuth_deg is None or AZIMUTH_DEG[0] <= azimuth_deg <= AZIMUTH_DEG[1]
        return Verdict.DONE

    def turn(self, direction, rate_deg_s) -> Verdict:
        self.motions.append(("turn", direction, rate_deg_s))
        assert rate_deg_s > 0.0
        return Verdict.DONE

    def park(self) -> Verdict:
        self.motions.append(("park",))
        return Verdict.DONE

    def home(self) -> Verdict:
        self.motions.append(("home",))
        return Verdict.DONE

    def stop(self) -> Verdict:
        self.stops += 1
        return Verdict.DONE


def may_move(protocol: str, data: bytes) -> int:
    """How many of the whole lines in it could move something."""
    *lines, _rest = re.split(rb"[\r\n]", data)
    pattern = MOVING_LINES[protocol]
    return sum(len(line) <= LONGEST_LINE and pattern.fullmatch(line) is not None for line in lines)


def check_server(protocol: str, chunks: list[bytes]) -> Recorder:
    """Feed a server; what its rotator was told."""
    rotator = Recorder()
    server = SERVERS[protocol](rotator)
    for chunk in chunks:
        answer = server.receive(chunk)
        assert len(answer) <= LONGEST_ANSWER * (chunk.count(b"\r") + chunk.count(b"\n"))
        assert answer.isascii()
        assert len(server._reader._begun) <= LONGEST_LINE
    assert len(rotator.motions) <= may_move(protocol, b"".join(chunks))
    return rotator


class Babble:
    """A transport whose other end says prepared things, whatever is written to it."""

    name = "babble"

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks, self.written, self.now_s = list(chunks), b"", 0.0

    def epoch(self) -> int:
        return 1

    def write(self, data: bytes) -> None:
        self.written += data

    def read(self, timeout_s: float) -> bytes:
        if self._chunks:
            self.now_s += 0.01
            return self._chunks.pop(0)
        self.now_s += max(timeout_s, 0.0)
        return b""

    def close(self) -> None:
        """Nothing to let go of."""


ORDERS = (
    lambda mount: mount.status(),
    lambda mount: mount.configure(LIMITS),
    lambda mount: mount.stop(),
    lambda mount: mount.stow(),
    lambda mount: mount.move_to(100.0, 45.0),
    lambda mount: mount.clear_fault(),
)
MOVING_ORDERS = ORDERS[3:5]


def check_client(protocol: str, orders: list[int], chunks: list[bytes]) -> None:
    """Order a client about while a device babbles."""
    babble = Babble(chunks)
    bus = ForeignBus(Link(babble, lambda: babble.now_s), protocol, PATIENCE, lambda: babble.now_s)
    mount, allowed = bus.mount(1), 0
    for number in orders:
        order = ORDERS[number % len(ORDERS)]
        allowed += order in MOVING_ORDERS
        with suppress(BridgeError):
            order(mount)
    said = SAID[protocol].findall(babble.written)
    assert len(said) <= allowed * PATIENCE.tries
    for azimuth, elevation in said:
        assert -360.0 <= float(azimuth) <= 720.0
        assert float(elevation) in (45.0, 90.0)
