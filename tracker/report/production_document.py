"""What was recorded and metered, as the comparison document tells it."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

WHOLE: Final = "all"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Record(_Part):
    """One record of where heads looked, and what of the weather's time it does not know."""

    name: str
    source: str
    heads: int
    first_utc: str
    last_utc: str
    bridged_s: float
    outside_steps: int
    unknown_steps: int
    drive_counted: bool
    notes: tuple[str, ...] = ()


class Recordings(_Part):
    """The records, and over how many intervals everything was compared because of them."""

    compared_steps: int
    left_out_steps: int
    records: tuple[Record, ...]


class Period(_Part):
    """A month (YYYY-MM), or the whole: meter against model."""

    name: str
    hours: float
    measured_kwh: float
    modelled_kwh: float
    poa_kwh_m2: float
    performance_ratio: float | None
    performance_ratio_25c: float | None
    modelled_performance_ratio: float | None
    modelled_performance_ratio_25c: float | None
    difference_percent: float | None
    interval_percent: float | None
    finding: Literal["within", "below", "above", "unknown"]
    says: str


class CauseOfDifference(_Part):
    """One reason for meter and model to differ, percent of the model (one standard deviation)."""

    cause: str
    percent: float


class LightPeriod(_Part):
    """A month, or the whole: light measured in the plane against the model's, and the ratios with it."""

    name: str
    hours: float
    measured_kwh: float
    poa_kwh_m2: float
    modelled_poa_kwh_m2: float
    modelled_over_measured_percent: float | None
    performance_ratio: float | None
    performance_ratio_25c: float | None


class MeasuredLight(_Part):
    """What was measured in the plane, by month and as a whole."""

    months: tuple[LightPeriod, ...]
    whole: LightPeriod
    says: str


class Production(_Part):
    """A meter held against one row."""

    source: str
    of: str
    counted_intervals: int
    left_out_intervals: int
    missing_intervals: int
    resets_utc: tuple[str, ...] = ()
    months: tuple[Period, ...]
    whole: Period
    causes: tuple[CauseOfDifference, ...] = ()
    notes: tuple[str, ...] = ()
    light: MeasuredLight | None = None
