"""Weather on one grid of intervals, whatever file it came from."""

from dataclasses import dataclass

import numpy as np

from tracker.units import FloatArray, IntArray, UtcArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weather:
    """T equal, consecutive intervals; every array is (T,) and belongs to the interval, not to its label.

    utc is the interval's *centre*, where the sun position is taken. A typical year carries one calendar
    year throughout, so that time runs forward. NaN wind or pressure means unknown.
    """

    utc: UtcArray
    step_s: float
    ghi_w_m2: FloatArray
    dni_w_m2: FloatArray
    dhi_w_m2: FloatArray
    temp_air_c: FloatArray
    wind_speed_m_s: FloatArray
    pressure_pa: FloatArray
    source: str
    kind: str  # "typical year" | "measured" | "synthetic year"
    latitude_deg: float  # where the file says it is; NaN where it does not say
    longitude_deg: float
    altitude_m: float
    utc_offset_h: float  # of the file's local standard time
    filled_steps: int

    @property
    def local_month(self) -> IntArray:
        """Month 1 to 12 of each interval's centre in local standard time."""
        return (self._local().astype("datetime64[M]").astype(np.int64) % 12) + 1

    @property
    def local_hour(self) -> IntArray:
        """Hour 0 to 23 of each interval's centre in local standard time."""
        return self._local().astype("datetime64[h]").astype(np.int64) % 24

    def _local(self) -> UtcArray:
        seconds = self.utc.astype("datetime64[s]").astype(np.int64) + round(self.utc_offset_h * 3600)
        return seconds.astype("datetime64[s]")

    def energy_kwh_m2(self, irradiance_w_m2: FloatArray) -> float:
        """Insolation of the whole series, kWh/m2."""
        return float(np.sum(irradiance_w_m2)) * self.step_s / 3.6e6
