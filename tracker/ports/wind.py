"""Where gusts come from."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class WindReading:
    """A gust, and when it was measured on the clock's monotonic seconds."""

    gust_m_s: float
    measured_s: float


class WindSensor(Protocol):
    """The site's wind sensor."""

    def read(self, now_s: float) -> WindReading | None:
        """The latest reading, or None before the first."""
        ...
