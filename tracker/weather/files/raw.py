"""What a weather file says, before it is checked and laid on one grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.units import FloatArray, UtcArray

IRRADIANCE: Final = ("ghi_w_m2", "dni_w_m2", "dhi_w_m2")
NEEDED: Final = ("ghi_w_m2", "temp_air_c")
OPTIONAL: Final = (
    "dni_w_m2",
    "dhi_w_m2",
    "wind_speed_m_s",
    "gust_m_s",
    "pressure_pa",
    "poa_w_m2",
    "temp_module_c",
    "relative_humidity_percent",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """Where a file says it is; NaN where it does not say. utc_offset_h is of its standard time."""

    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    utc_offset_h: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawWeather:
    """T rows of a file as written. Labels are datetime64[s] in the file's standard time and own years.

    The centre of a row's interval is its label plus centre_after_label_s, the format's time convention;
    None: instantaneous values whose minute the file does not say. `values` has an array (T,) for each name
    in NEEDED and OPTIONAL, NaN where the file has no number. Row i is on line first_line + i.
    """

    format: str
    label_local: UtcArray
    centre_after_label_s: float | None
    values: Mapping[str, FloatArray]
    typical: bool
    place: FilePlace
    first_line: int
