"""What devices have said without being asked, each thing once."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.schema import SPECS, FaultReport

REPORT_ID: Final = SPECS[FaultReport].wire_id


@dataclass(frozen=True, slots=True)
class Reported:
    """A fault report and whose it is."""

    address: int
    report: FaultReport


class Reports:
    """Fault reports heard on one line. A device repeats one until it has been addressed: it is told once.

    Of those that nobody takes only the newest are kept.
    """

    LONGEST_HELD: Final = 64

    def __init__(self) -> None:
        self._waiting: deque[Reported] = deque(maxlen=self.LONGEST_HELD)
        self._last: dict[int, bytes] = {}

    def hear(self, contents: bytes) -> None:
        """Keep checked contents if they are a report, and a new one."""
        if contents[2] != REPORT_ID or self._last.get(contents[0]) == contents:
            return
        self._last[contents[0]] = contents
        message = decode_contents(contents).message
        if isinstance(message, FaultReport):
            self._waiting.append(Reported(contents[0], message))

    def answered(self, address: int) -> None:
        """A device has been addressed and repeats itself no more; what it reports from now on is new."""
        self._last.pop(address, None)

    def take(self) -> list[Reported]:
        """All that was not taken yet, oldest first."""
        taken = list(self._waiting)
        self._waiting.clear()
        return taken
