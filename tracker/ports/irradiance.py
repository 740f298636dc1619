"""How much light falls on level ground."""

from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class IrradianceReading:
    """Global horizontal irradiance, and when it was measured on the clock's monotonic seconds."""

    ghi_w_m2: float
    measured_s: float


class IrradianceSensor(Protocol):
    """The site's pyranometer, level."""

    def read(self, now_s: float) -> IrradianceReading | None:
        """The latest reading, or None while there is none to be believed."""
        ...


class NoIrradiance:
    """A site without a pyranometer."""

    def read(self, _now_s: float) -> IrradianceReading | None:
        """Never a reading."""
        return None


NO_IRRADIANCE: Final = NoIrradiance()
