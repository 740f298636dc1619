"""The drives of a site behind its bridges: what the bridge raises becomes what the loop can read."""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.errors import BridgeError, LineGone
from firmware_bridge.mounts import Mount
from firmware_bridge.reports import AxisStatus
from tracker.decision.values import Order
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings

_log = logging.getLogger(__name__)

# Of the time between two readings: a head at rest is read seldom, and one missed reading is no lost link.
SILENT_BEFORE_S: Final = 1.0

COMMANDS: Final[Mapping[int, Callable[[Mount, float, float], AxisStatus]]] = {
    Order.MOVE: lambda head, azimuth_deg, elevation_deg: head.move_to(azimuth_deg, elevation_deg),
    Order.STOP: lambda head, _azimuth, _elevation: head.stop(),
    Order.STOW: lambda head, _azimuth, _elevation: head.stow(),
    Order.HOME: lambda head, _azimuth, _elevation: head.home(),
    Order.FLATTEN: lambda head, _azimuth, _elevation: head.flatten(),
    Order.ENABLE: lambda head, _azimuth, _elevation: head.enable(),
    Order.DISABLE: lambda head, _azimuth, _elevation: head.disable(),
    Order.CLEAR: lambda head, _azimuth, _elevation: head.clear_fault(),
}


class Line(Protocol):
    """A bus, as far as it is needed here."""

    def keep_alive(self) -> None:
        """Renew the lease of everybody on it."""
        ...


@dataclass(slots=True)
class _Memory:
    """What a head said last, and when; and what is wrong with it now, to say that once."""

    status: AxisStatus | None = None
    heard_s: float | None = None
    missed_s: float | None = None  # the first reading without an answer since
    trouble: BridgeError | None = None

    def hear(self, status: AxisStatus, now_s: float) -> None:
        """A head that went on without us for longer than its lease counts as silent for one reading more.

        So the link is seen to be lost also when it was lost and found between two readings.
        """
        self.status = status
        self.missed_s = None
        if self.heard_s is None or not status.lease_expired:
            self.heard_s = now_s

    def miss(self, now_s: float) -> None:
        """It has not answered."""
        self.missed_s = now_s if self.missed_s is None else self.missed_s

    def silent_s(self, now_s: float, started_s: float) -> float:
        """How long it has been silent; see `SILENT_BEFORE_S`."""
        heard_s = started_s if self.heard_s is None else self.heard_s
        return now_s - (heard_s if self.missed_s is None else max(heard_s, self.missed_s - SILENT_BEFORE_S))


class BridgeMounts:
    """Fits `tracker.ports.mount.Mounts`. A silent or refusing head is data, never an error."""

    def __init__(self, heads: Mapping[str, Mount], lines: tuple[Line, ...], started_s: float) -> None:
        self._heads, self._lines, self._started_s = dict(heads), lines, started_s
        self._memories = {name: _Memory() for name in heads}
        self._silent: deque[str] = deque()  # whom to try again, the longest silent first
        self._away = False

    @property
    def lines_there(self) -> bool:
        """Whether every line could be written to at the last sign of life."""
        return not self._away

    def last_heard(self, name: str) -> tuple[AxisStatus, float] | None:
        """What a head said last and when, on the clock of `read`; None before its first answer."""
        memory = self._memories[name]
        if memory.status is None or memory.heard_s is None:
            return None
        return memory.status, memory.heard_s

    def read(self, now_s: float) -> HeadReadings:
        """Ask every head; see the port.

        A silent head costs a second of waiting, in which the leases of the others run: so the silent ones
        are tried only up to the first that still does not answer, and everybody hears from us after each
        that does not. Heads on a line that is away cost nothing, and are asked every time.
        """
        silent_before = len(self._silent)
        for name in self._heads:
            if name not in self._silent:
                self._ask(name, now_s)
        for _ in range(silent_before):
            if not self._ask(self._silent.popleft(), now_s):
                break
        return _readings(list(self._memories.values()), now_s, self._started_s)

    def order(self, orders: NDArray[np.int8], target: AxisPose) -> None:
        """Pass on the orders; see the port."""
        angles = zip(target.azimuth_deg.tolist(), target.elevation_deg.tolist(), strict=True)
        for (name, head), order, pose_deg in zip(self._heads.items(), orders.tolist(), angles, strict=True):
            if order != Order.NONE:
                self._attempt(name, partial(COMMANDS[order], head, *pose_deg))

    def keep_alive(self) -> None:
        """Renew every lease; a line that is gone shows at the next reading."""
        self._away = False
        for line in self._lines:
            try:
                line.keep_alive()
            except BridgeError as error:
                _log.debug("keep-alive: %s", error)
                self._away = True

    def _ask(self, name: str, now_s: float) -> bool:
        """Whether asking for the status cost no waiting in vain; a head for which it did is silent now."""
        memory = self._memories[name]
        status = self._attempt(name, self._heads[name].status)
        if status is not None:
            memory.hear(status, now_s)
            return True
        memory.miss(now_s)
        if not isinstance(memory.trouble, LineGone):
            self._silent.append(name)
            return False
        return True

    def _attempt(self, name: str, action: Callable[[], AxisStatus]) -> AxisStatus | None:
        memory = self._memories[name]
        try:
            status = action()
        except LineGone as error:  # nobody has waited, and the line itself tells people
            memory.trouble = error
            return None
        except BridgeError as error:
            if str(memory.trouble) != str(error):
                _log.warning("%s: %s", name, error)
            memory.trouble = error
            self.keep_alive()
            return None
        memory.trouble = None
        return status


def _readings(memories: list[_Memory], now_s: float, started_s: float) -> HeadReadings:
    def column(value: Callable[[AxisStatus], float], unknown: float) -> NDArray[np.float64]:
        return np.array([unknown if m.status is None else value(m.status) for m in memories])

    return HeadReadings(
        azimuth_deg=column(lambda s: s.azimuth_deg, np.nan),
        elevation_deg=column(lambda s: s.elevation_deg, np.nan),
        trusted=column(lambda s: s.position_trusted, False).astype(np.bool_),
        moving=column(lambda s: s.moving, False).astype(np.bool_),
        homing=column(lambda s: s.homing, False).astype(np.bool_),
        emergency=column(lambda s: s.emergency_stop, False).astype(np.bool_),
        enabled=column(lambda s: s.drive_enabled, False).astype(np.bool_),
        held=column(lambda s: s.held, False).astype(np.bool_),
        wind_contact=column(lambda s: s.wind_contact, False).astype(np.bool_),
        folded=column(lambda s: s.folded, False).astype(np.bool_),
        fault=column(lambda s: s.fault_code, 0).astype(np.int64),
        silent_s=np.array([memory.silent_s(now_s, started_s) for memory in memories]),
    )
