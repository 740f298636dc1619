"""Where gusts come from."""

import math
from dataclasses import dataclass
from typing import Final, Protocol

CONTACT_WIND_M_S: Final = math.inf
CONTACT_CALM_M_S: Final = -math.inf
"""A wind contact knows two states and no speed: wind is above every limit, calm below every one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindReading:
    """A gust, or what a contact says, and when it was measured on the clock's monotonic seconds."""

    gust_m_s: float
    measured_s: float


class WindSensor(Protocol):
    """The site's wind sensor."""

    def read(self, now_s: float) -> WindReading | None:
        """The latest reading, or None before the first."""
        ...
