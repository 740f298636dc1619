"""A line that is opened again by itself once it has gone away: pulled, hung up, refused, or renamed."""

import logging
from collections.abc import Callable
from typing import Final, NoReturn

from firmware_bridge.errors import LineGone, LinkLost, PortUnavailable
from firmware_bridge.transport.port import Dial, Transport

_log = logging.getLogger(__name__)

FIRST_WITHIN_S: Final = 2.0  # chosen: longer than one lost packet of a connection being made (1 s, RFC 6298)
FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 0.5  # chosen: a line that is back is in use within 2 s, ticks of 1 s included


class Reconnecting:
    """A transport over lines that a dial opens; `clock` gives monotonic seconds.

    The first opening raises PortUnavailable. Later `epoch` tries again, after pauses that double up to
    LONGEST_PAUSE_S and start anew once something was heard; it never waits. Reading and writing never try,
    and whoever notices that the line is gone is told so: nothing is said on a new line by somebody who does
    not know that it is new, and what was half received on the old one stays behind with it.
    """

    def __init__(self, dial: Dial, clock: Callable[[], float]) -> None:
        self._dial, self._clock = dial, clock
        self._epoch = 0
        self._pause_s, self._next_s = FIRST_PAUSE_S, 0.0
        self._why, self._closed = "", False
        self._line: Transport | None = dial.open(FIRST_WITHIN_S)
        if self._line is None:
            dial.close()
            raise PortUnavailable(
                dial.name, f"does not answer within {FIRST_WITHIN_S:g} s", "check host, network and power"
            )

    @property
    def name(self) -> str:
        """What the dial calls it."""
        return self._dial.name

    def epoch(self) -> int:
        """See `Transport.epoch`. Raises LineGone while the line is away."""
        if self._line is None:
            self._reopen(self._clock())
            return self._epoch
        try:
            self._line.epoch()
        except LinkLost as error:
            self._let_go(error)
        return self._epoch

    def write(self, data: bytes) -> None:
        """Send everything. Raises LineGone while the line is away."""
        try:
            self._present().write(data)
        except LinkLost as error:
            self._let_go(error)

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting at most timeout_s. Raises LineGone while the line is away."""
        try:
            data = self._present().read(timeout_s)
        except LinkLost as error:
            self._let_go(error)
        if data:
            self._pause_s = FIRST_PAUSE_S
        return data

    def close(self) -> None:
        """Let go of the line for good; twice is once."""
        self._closed, self._why = True, f"port {self.name} was closed"
        self._dial.close()
        if self._line is not None:
            self._line.close()
            self._line = None

    def _present(self) -> Transport:
        if self._line is None:
            raise self._gone()
        return self._line

    def _reopen(self, now_s: float) -> None:
        if self._closed or now_s < self._next_s:
            raise self._gone()
        self._pause(now_s)
        try:
            self._line = self._dial.open(0.0)
        except PortUnavailable as error:
            self._say_why(str(error))
            raise self._gone() from error
        if self._line is None:
            raise self._gone()
        self._epoch += 1
        _log.warning("port %s is back", self.name)

    def _pause(self, now_s: float) -> None:
        self._next_s = now_s + self._pause_s
        self._pause_s = min(2.0 * self._pause_s, LONGEST_PAUSE_S)

    def _let_go(self, error: LinkLost) -> NoReturn:
        if self._line is not None:
            self._line.close()
            self._line = None
            self._say_why(str(error))
            self._pause(self._clock())
        raise self._gone() from error

    def _say_why(self, why: str) -> None:
        if why != self._why:
            _log.warning("%s; it is reopened by itself", why)
        self._why = why

    def _gone(self) -> LineGone:
        return LineGone(self._why if self._closed else f"{self._why}; it is reopened by itself")
