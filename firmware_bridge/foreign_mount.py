"""One head that speaks a foreign dialect, as a mount: what its language lacks is done here or refused.

Done here, because it is honest: travel limits, before anything is sent; stow, as a move to the stow
elevation; motion, as a position that changes. Refused: whatever the device would have to do by itself.

A foreign head does not say whether its position is true, so it is believed; but when it jumps while it should
stand still, it has restarted or somebody else moves it, and then it is not moved until `clear_fault`. When it
stands though it was told to go, or refuses move after move, that is a fault, also until `clear_fault`.
"""

import logging
import math
from collections.abc import Callable
from typing import Final, NoReturn

from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.dialects.requests import (
    Declined,
    ForeignFault,
    GetPose,
    GetRange,
    GoTo,
    Halt,
    Pose,
    Range,
)
from firmware_bridge.errors import BridgeError, CommandRefused, RemoteProtocolError
from firmware_bridge.foreign_axes import ForeignAxes, Place
from firmware_bridge.foreign_way import ForeignWay
from firmware_bridge.link import Conversation, Link
from firmware_bridge.mount import fault_words
from firmware_bridge.reports import AxisLimits, AxisStatus
from firmware_bridge.standing import Standing
from firmware_bridge.wire.schema import Message, Refusal

_log = logging.getLogger(__name__)

FLAT_DEG: Final = 90.0
REFUSALS: Final = 3  # chosen: one or two may be a disturbed line
NO_HOME: Final = "it cannot be homed from here; home it at its controller, then clear it here"
NO_FLAT_SWITCH: Final = "it has no flat switch; bring it flat at its controller"
NO_DRIVE_SWITCH: Final = "its drive cannot be switched off from here; use its own switch"
DOUBTED: Final = "it moved though nobody here told it to: look at the head, then clear it"


class ForeignMount:
    """Fits `mounts.Mount`. Rates are ignored: foreign heads have their own. `clock` as the link's."""

    def __init__(
        self,
        *,
        address: int,
        link: Link,
        conversation: Conversation,
        capabilities: Capabilities,
        clock: Callable[[], float],
    ) -> None:
        self.address: Final = address
        self._link, self._conversation, self._clock = link, conversation, clock
        self._capabilities = capabilities
        self._limits: AxisLimits | None = None
        self._asked_on: int | None = None  # the opening of the line on which its range was told
        self._way = ForeignWay(capabilities)
        self._held = self._stowing = self._doubted = False
        self._standing = Standing(capabilities.resolution_deg)
        self._refused, self._fault = 0, 0

    def status(self) -> AxisStatus:
        """Where it is. `moving` is a position that changes; `held` and `stowing` this host remembers."""
        pose = self._pose()
        if self._jumped(pose):  # a disturbed byte may look so: believed only when said twice
            pose = self._pose()
            if self._jumped(pose):
                self._doubted = True
                _log.warning("device %d: %s", self.address, DOUBTED)
        self._judge(pose)
        return self._status(pose)

    def keep_alive(self) -> AxisStatus:
        """There is no lease to renew."""
        return self.status()

    def move_to(
        self,
        azimuth_deg: float,
        elevation_deg: float,
        *,
        azimuth_rate_deg_s: float | None = None,
        elevation_rate_deg_s: float | None = None,
    ) -> AxisStatus:
        """Start toward axis angles (azimuth unwrapped), at the head's own rates.

        Raises ValueError for an angle that is not finite, CommandRefused past the travel, or in doubt.
        """
        self._start(Place(azimuth_deg, elevation_deg))
        return self.status()

    def stop(self) -> AxisStatus:
        """Stop both axes now; what the head does then shows in its next positions."""
        self._way.target, self._held, self._stowing = None, True, False
        self._command(Halt())
        return self._status(self._pose())

    def stow(self) -> AxisStatus:
        """Start toward the stow elevation; azimuth holds where it was seen last."""
        low_deg, high_deg = self._way.axes.azimuth_travel_deg
        stow_deg = FLAT_DEG if self._limits is None else self._limits.stow_elevation_deg
        self._start(Place(min(max(self._latest().azimuth_deg, low_deg), high_deg), stow_deg))
        self._stowing = True
        return self.status()

    def home(self) -> AxisStatus:
        """Refused."""
        self._refuse("Home", Refusal.NOT_FITTED, NO_HOME)

    def flatten(self) -> AxisStatus:
        """Refused."""
        self._refuse("Flatten", Refusal.NOT_FITTED, NO_FLAT_SWITCH)

    def clear_fault(self) -> AxisStatus:
        """Believe it again, after somebody has looked. What the head itself reports stays its own affair."""
        self._doubted, self._way.seen, self._way.target = False, None, None
        self._refused, self._fault = 0, 0
        self._standing.forget()
        return self.status()

    def enable(self) -> AxisStatus:
        """Its drive is always on."""
        return self.status()

    def disable(self) -> AxisStatus:
        """Refused: nobody may believe it locked."""
        self._refuse("Disable", Refusal.NOT_FITTED, NO_DRIVE_SWITCH)

    def configure(self, limits: AxisLimits) -> AxisStatus:
        """Keep these limits here, and nowhere else."""
        self._limits, self._asked_on = limits, None
        self._way.axes = ForeignAxes.of(self._capabilities, limits)
        self._ask_range()
        return self.status()

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._link.close()

    def _latest(self) -> Place:
        """Where it is; where it was, should it not say so just now: then a stow is not held up."""
        try:
            return self._way.place(self._pose())
        except BridgeError as error:
            if self._way.seen is None:
                raise
            _log.warning("device %d: stowed from where it was seen last, for %s", self.address, error)
            return self._way.seen

    def _start(self, wanted: Place) -> None:
        if not (math.isfinite(wanted.azimuth_deg) and math.isfinite(wanted.elevation_deg)):
            raise ValueError(f"{wanted} is no place to go to; give finite angles")
        if self._doubted:
            self._refuse("GoTo", Refusal.POSITION_NOT_TRUSTED, DOUBTED)
        self._ask_range()
        outside = self._way.axes.outside(wanted)
        if outside is not None:
            self._refuse("GoTo", Refusal.OUTSIDE_TRAVEL, f"{outside}; ask for an angle inside")
        self._go(self._way.axes.rounded(wanted))

    def _go(self, target: Place) -> None:
        counted = self._way.start(target, self._clock())
        self._held = self._stowing = False
        # Adding zero turns -0.0 into 0.0, which some heads cannot read.
        go = GoTo(azimuth_deg=counted.azimuth_deg + 0.0, elevation_deg=counted.elevation_deg + 0.0)
        try:
            self._command(go)
        except CommandRefused:
            self._count_refusal()
            raise
        self._refused = 0

    def _count_refusal(self) -> None:
        self._way.not_begun()
        self._refused += 1
        if self._refused == REFUSALS:
            self._latch(ForeignFault.REFUSES)

    def _judge(self, pose: Pose) -> None:
        self._standing.see(self._way.place(pose), self._way.target, self._clock())
        if self._limits is not None and not self._fault and self._standing.too_long(self._limits):
            self._latch(ForeignFault.STANDS)

    def _latch(self, fault: ForeignFault) -> None:
        """Stop it, for a head that comes free shall not start beside whoever looks at it."""
        self._fault, self._way.target, self._stowing = fault, None, False
        self._way.not_begun()
        _log.error("device %d: %s; clear it once that is mended", self.address, fault_words(fault))
        self._command(Halt())

    def _ask_range(self) -> None:
        """Once for each opening of the line: behind it may be another."""
        epoch = self._link.epoch()
        if epoch == self._asked_on:
            return
        if self._capabilities.tells_range:
            answer = self._ask(GetRange())
            if not isinstance(answer, Range):
                raise self._unexpected(answer)
            ours = ForeignAxes.of(self._capabilities, self._limits)
            self._way.axes = ours.told(answer.azimuth_deg, answer.elevation_deg)
        self._asked_on = epoch

    def _pose(self) -> Pose:
        answer = self._ask(GetPose())
        if not isinstance(answer, Pose):
            raise self._unexpected(answer)
        return answer

    def _jumped(self, pose: Pose) -> bool:
        return not self._doubted and self._way.jumped(pose)

    def _status(self, pose: Pose) -> AxisStatus:
        place = self._way.see(pose, self._clock())
        return AxisStatus(
            azimuth_deg=place.azimuth_deg,
            elevation_deg=place.elevation_deg,
            position_trusted=not self._doubted,
            moving=self._way.moving,
            emergency_stop=False,
            drive_enabled=True,
            lease_expired=False,
            stowing=self._stowing and self._way.moving,
            homing=False,
            held=self._held,
            flat=False,
            fault_code=pose.fault_code or self._fault,
            device_time_s=math.nan,
        )

    def _command(self, message: Message) -> None:
        answer = self._ask(message)
        if isinstance(answer, Declined):
            self._refuse(type(message).__name__, Refusal.UNKNOWN_MESSAGE, answer.explanation)

    def _ask(self, message: Message) -> Message:
        return self._link.transact(self._conversation, message)

    def _refuse(self, command: str, reason: Refusal, explanation: str) -> NoReturn:
        raise CommandRefused(self.address, command, reason, explanation)

    def _unexpected(self, answer: Message) -> BridgeError:
        says = answer.explanation if isinstance(answer, Declined) else f"answers {type(answer).__name__}"
        return RemoteProtocolError(f"device {self.address}: {says}; check the controller behind it")
