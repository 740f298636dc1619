"""One head on a line: angles in, angles out, and a reason for every command that is not carried out."""

import logging
from collections.abc import Iterator, Mapping
from typing import Final

from firmware_bridge.dialects.requests import ForeignFault
from firmware_bridge.errors import BridgeError, CommandRefused, DeviceFault, LinkLost, RemoteProtocolError
from firmware_bridge.gearing import Gearing
from firmware_bridge.link import Conversation, Link
from firmware_bridge.reports import (
    AxisLimits,
    AxisStatus,
    Identity,
    identity_of,
    parameters_of,
    status_of,
)
from firmware_bridge.wire import schema
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import encode_payload
from firmware_bridge.wire.schema import Refusal

_log = logging.getLogger(__name__)

EXPLANATIONS: Final[Mapping[int, str]] = {
    Refusal.POSITION_NOT_TRUSTED: "its position is not trusted; home it first, in calm",
    Refusal.OUTSIDE_TRAVEL: "the position is outside its travel; ask for one inside",
    Refusal.DRIVE_DISABLED: "its drive is disabled; enable it when nobody is at the machine",
    Refusal.EMERGENCY_STOP: "its emergency stop is pressed; release it at the head",
    Refusal.NOT_GREETED: "it has restarted; greet it again",
    Refusal.STALE_SEQUENCE: "the request is older than one it has obeyed; ask again",
    Refusal.RATE_NOT_ALLOWED: "the rate is zero or above its maximum; ask for less",
    Refusal.INVALID_PARAMETERS: "the parameters contradict each other; check ranges, rates and lease",
    Refusal.MOVING: "it is moving; stop it first",
    Refusal.UNKNOWN_MESSAGE: "its firmware does not know this command; update it",
    Refusal.WIND: "its wind contact asks for a stow; wait for calm",
    Refusal.TOO_FAR: "that is further than the longest nudge; take smaller steps",
    Refusal.NOT_FITTED: "it is not fitted for that; see its capabilities",
}
# It has restarted, or another program on the line has counted on; what was asked is still the newest wish.
GREET_AGAIN: Final = frozenset({Refusal.NOT_GREETED, Refusal.STALE_SEQUENCE})
FAULTS: Final[Mapping[int, str]] = {
    schema.Fault.AZIMUTH_STALL: "azimuth stalled",
    schema.Fault.ELEVATION_STALL: "elevation stalled",
    schema.Fault.AZIMUTH_HOME_NOT_FOUND: "azimuth home switch not found",
    schema.Fault.ELEVATION_HOME_NOT_FOUND: "elevation home switch not found",
    schema.Fault.AZIMUTH_REVERSED: "azimuth counts away from where it is sent: motor or encoder reversed",
    schema.Fault.ELEVATION_REVERSED: "elevation counts away from where it is sent: motor or encoder reversed",
    schema.Fault.AZIMUTH_END_STOP: "azimuth end switch where none should be: its position is wrong",
    schema.Fault.ELEVATION_END_STOP: "elevation end switch where none should be: its position is wrong",
    schema.Fault.STORAGE: "its memory could not be read: it has its limits from the factory",
    ForeignFault.SENSOR: "its controller reports a sensor fault",
    ForeignFault.JAM: "its controller reports a jam",
    ForeignFault.HOMING: "its controller reports that homing failed",
    ForeignFault.STANDS: "commanded to move but stands still: look for a jam, and for power at its motors",
    ForeignFault.REFUSES: "it refuses every move: an angle outside its range, or a command it does not know",
}


def fault_words(code: int) -> str:
    """A fault for people."""
    return FAULTS.get(code, "unknown to this host")


class HeadMount:
    """Drives one head; every method is one command and raises a BridgeError when it is not carried out.

    The head is greeted before the first command and again when it says that it has restarted; it then
    gets its limits back, should it have lost them. After a lost link it is greeted anew: it may have
    missed more than half of all sequence numbers, and on a line that was opened again it may be another.
    `greetings` are those of this host, each newer.
    """

    def __init__(
        self,
        *,
        address: int,
        link: Link,
        conversation: Conversation,
        gearing: Gearing,
        greetings: Iterator[schema.Hello],
    ) -> None:
        self.address, self.gearing = address, gearing
        self._link, self._conversation, self._greetings = link, conversation, greetings
        self._wanted: schema.SetParameters | None = None
        self._rates: tuple[int, int] | None = None
        self._greeted: Identity | None = None
        self._greeted_on = 0  # which opening of the line
        self._serial: int | None = None

    def hello(self) -> Identity:
        """Who is there. Raises RemoteProtocolError when it speaks another protocol version, or is another."""
        reply = self._transact(next(self._greetings))
        if not isinstance(reply, schema.Greeting):
            raise self._unexpected(reply)
        if reply.protocol_version != schema.PROTOCOL_VERSION:
            raise RemoteProtocolError(
                f"device {self.address} speaks protocol {reply.protocol_version}, "
                f"we speak {schema.PROTOCOL_VERSION}; update the older side"
            )
        self._greeted = self._known_again(identity_of(self.address, reply))
        self._greeted_on = self._link.epoch()
        return self._greeted

    def status(self) -> AxisStatus:
        """Where the head is and what it is doing."""
        return self._command(schema.GetStatus())

    def keep_alive(self) -> AxisStatus:
        """Renew the lease."""
        return self._command(schema.KeepAlive())

    def move_to(
        self,
        azimuth_deg: float,
        elevation_deg: float,
        *,
        azimuth_rate_deg_s: float | None = None,
        elevation_rate_deg_s: float | None = None,
    ) -> AxisStatus:
        """Start toward axis angles (azimuth unwrapped); without a rate, as fast as the head may.

        Raises ValueError for an angle that is not finite, CommandRefused or DeviceFault when declined.
        """
        fastest = self._rates or self._fetch_rates()
        azimuth, elevation = self.gearing.azimuth, self.gearing.elevation
        move = schema.Move(
            azimuth_counts=azimuth.counts(azimuth_deg),
            elevation_counts=elevation.counts(elevation_deg),
            azimuth_rate_counts_s=fastest[0]
            if azimuth_rate_deg_s is None
            else azimuth.rate_counts_s(azimuth_rate_deg_s),
            elevation_rate_counts_s=fastest[1]
            if elevation_rate_deg_s is None
            else elevation.rate_counts_s(elevation_rate_deg_s),
        )
        return self._command(move)

    def stop(self) -> AxisStatus:
        """Stop both axes now, and hold even when the host goes silent."""
        return self._status(schema.Stop(), self._transact(schema.Stop()))

    def stow(self) -> AxisStatus:
        """Start toward the head's own stow elevation; azimuth holds."""
        return self._status(schema.Stow(), self._transact(schema.Stow()))

    def home(self) -> AxisStatus:
        """Start looking for the home switches."""
        return self._command(schema.Home())

    def flatten(self) -> AxisStatus:
        """Start elevation alone toward the flat switch, trusted or not."""
        return self._command(schema.Flatten())

    def nudge(self, axis: schema.AxisName, angle_deg: float) -> AxisStatus:
        """Turn one axis a little to an angle near its own, trusted or not, to see which head it is.

        Raises ValueError for an angle that is not finite, CommandRefused past the longest nudge.
        """
        gearing = self.gearing.azimuth if axis is schema.AxisName.AZIMUTH else self.gearing.elevation
        return self._command(schema.Nudge(axis=axis, target_counts=gearing.counts(angle_deg)))

    def fold(self, *, folded: bool) -> AxisStatus:
        """Tell the petals to fold or to unfold."""
        return self._command(schema.Fold(folded=folded))

    def clear_fault(self) -> AxisStatus:
        """Release the fault latch."""
        return self._command(schema.Clear())

    def enable(self) -> AxisStatus:
        """Switch the drive on."""
        return self._command(schema.Enable())

    def disable(self) -> AxisStatus:
        """Stop, and switch the drive off."""
        return self._command(schema.Disable())

    def configure(self, limits: AxisLimits) -> AxisStatus:
        """Make the head hold these limits; written only when it holds others."""
        self._wanted = parameters_of(limits, self.gearing)
        identity = self.hello()
        self._apply_wanted(identity)
        return self.status()

    def close(self) -> None:
        """Let go of the line, for all heads on it; twice is once."""
        self._link.close()

    def _known_again(self, identity: Identity) -> Identity:
        if self._serial not in (None, identity.serial):
            raise RemoteProtocolError(
                f"device {self.address} has serial number {identity.serial}, before it was {self._serial}; "
                "check ports and cables, or start again when it was replaced"
            )
        self._serial = identity.serial
        return identity

    def _apply_wanted(self, identity: Identity) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if identity.parameter_hash != crc32c(encode_payload(wanted)):
            self._status(wanted, self._transact(wanted))
        self._rates = (wanted.azimuth_rate_max_counts_s, wanted.elevation_rate_max_counts_s)

    def _fetch_rates(self) -> tuple[int, int]:
        reply = self._transact(schema.GetParameters())
        if not isinstance(reply, schema.Parameters):
            raise self._unexpected(reply)
        self._rates = (reply.azimuth_rate_max_counts_s, reply.elevation_rate_max_counts_s)
        return self._rates

    def _command(self, message: schema.Message) -> AxisStatus:
        if self._greeted is None or self._greeted_on != self._link.epoch():
            self._apply_wanted(self.hello())
        reply = self._transact(message)
        if isinstance(reply, schema.Refused) and reply.reason in GREET_AGAIN:
            self._greet_again()
            reply = self._transact(message)
        return self._status(message, reply)

    def _greet_again(self) -> None:
        before, identity = self._greeted, self.hello()
        if before is None or before.boot_nonce != identity.boot_nonce:
            cause = _named(schema.ResetCause, identity.reset_cause)
            _log.warning("device %d has restarted (%s); greeted again", self.address, cause)
        else:
            _log.warning("device %d has heard another program meanwhile; greeted again", self.address)
        self._apply_wanted(identity)

    def _transact(self, message: schema.Message) -> schema.Message:
        try:
            return self._link.transact(self._conversation, message)
        except LinkLost:
            self._greeted = None
            raise

    def _status(self, message: schema.Message, reply: schema.Message) -> AxisStatus:
        if isinstance(reply, schema.Status):
            return status_of(reply, self.gearing)
        if isinstance(reply, schema.Refused):
            raise self._declined(type(message).__name__, reply)
        raise self._unexpected(reply)

    def _declined(self, command: str, reply: schema.Refused) -> BridgeError:
        if reply.reason == Refusal.FAULT_LATCHED:
            return DeviceFault(self.address, reply.fault, fault_words(reply.fault))
        unknown = f"reason {reply.reason} is unknown to this host; update it"
        return CommandRefused(self.address, command, reply.reason, EXPLANATIONS.get(reply.reason, unknown))

    def _unexpected(self, reply: schema.Message) -> RemoteProtocolError:
        name = type(reply).__name__
        return RemoteProtocolError(f"device {self.address} answers {name}, which fits no request; update it")


def _named(codes: type[schema.ResetCause], code: int) -> str:
    return codes(code).name.lower() if code in set(codes) else f"cause {code}"
