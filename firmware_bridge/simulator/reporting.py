"""When a head speaks without being asked: once a second from an alarm on, until its host has addressed it."""

from typing import Final

REPEAT_AFTER_MS: Final = 1000


class Reporting:
    """`sequence` counts alarms; it is that of the report which is due."""

    __slots__ = ("_alarms", "_due_ms", "sequence")

    def __init__(self, alarms: int) -> None:
        self._alarms = alarms
        self._due_ms: int | None = None
        self.sequence = 0

    def host_spoke(self) -> None:
        """It will see for itself."""
        self._due_ms = None

    def due(self, alarms: int, now_ms: int) -> bool:
        """Whether to speak now."""
        if alarms != self._alarms:
            self._alarms, self._due_ms, self.sequence = alarms, now_ms, self.sequence + 1
        if self._due_ms is None or now_ms < self._due_ms:
            return False
        self._due_ms = now_ms + REPEAT_AFTER_MS
        return True
