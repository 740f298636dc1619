"""The comparison document (`sunflower compare --json`) as values; unknown keys are left alone."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.report.production_document import Production, Recordings

Twelve = Annotated[tuple[float, ...], Field(min_length=12, max_length=12)]
Scalar = str | int | float | None
Verdict = Literal["supported", "not supported", "within uncertainty"]
UNSTATED: Final = "unstated"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Site(_Part):
    """Where the comparison holds."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float | None = None
    timezone: str | None = None
    albedo: float | None = None


class Weather(_Part):
    """Where the weather comes from and what it sums to."""

    source: str
    kind: str
    ghi_kwh_m2: float
    dni_kwh_m2: float
    dhi_kwh_m2: float
    steps: int
    filled_steps: int
    years: float = 1.0
    notes: tuple[str, ...] = ()


class MonthThere(_Part):
    """A calendar month, 1 to 12, of which so many days were compared."""

    month: int
    days: float


class PartYear(_Part):
    """A stretch of days that stands for no year, in sentences, and the months that it holds."""

    days: float
    months: tuple[MonthThere, ...]
    says: str
    notes: tuple[str, ...]


class Step(_Part):
    """Energy left after one named effect."""

    name: str
    kwh: float


class Mounting(_Part):
    """One way to mount the same modules; the plane is known for fixed mountings only."""

    name: str
    poa_kwh_m2: float
    ac_kwh: float
    ac_kwh_per_kwp: float
    drive_kwh: float
    net_kwh: float
    net_kwh_per_m2_land: float | None
    steps: tuple[Step, ...]
    monthly_kwh: Twelve
    tilt_deg: float | None = None
    azimuth_deg: float | None = None


class Cause(_Part):
    """What one uncertain input does to a gain, percentage points at either end of its standard deviation."""

    cause: str
    low_points: float
    high_points: float


class Gain(_Part):
    """What one mounting yields over another; the interval is absent where none was worked out."""

    of: str
    over: str
    poa_percent: float
    net_percent: float
    p90_percent: float | None = None
    p50_percent: float | None = None
    p10_percent: float | None = None
    causes: tuple[Cause, ...] = ()


class Judgement(_Part):
    """The claim against one baseline."""

    over: str
    reached_percent: float
    probability_percent: float
    verdict: Verdict


class DayClass(_Part):
    """The gain on days of one kind of sky."""

    sky: str
    days: int
    share_percent: float
    of_kwh: float
    over_kwh: float
    gain_percent: float | None


class Claim(_Part):
    """A gain that somebody promised, and what became of it."""

    percent: float
    over: str
    verdict: Verdict
    reached_percent: float | None
    says: str
    judgements: tuple[Judgement, ...] = ()
    sky: tuple[DayClass, ...] = ()
    only_if: tuple[str, ...] = ()


class Carbon(_Part):
    """Emissions avoided by the tracked year, and the part that tracking adds."""

    factor_kg_per_kwh: float
    factor_source: str
    kind: str
    avoided_kg: float | None
    extra_avoided_kg: float | None
    year: str = UNSTATED
    region: str = UNSTATED
    scope: str = UNSTATED


class Stow(_Part):
    """Which gusts the tracked row was given, and how often it lay flat for them, in a sentence."""

    says: str


class BreakEven(_Part):
    """The extra cost at which tracking no longer pays, in a sentence."""

    says: str


class ComparisonDocument(_Part):
    """A whole comparison."""

    schema_id: str | int = Field(alias="schema")
    inputs_sha256: str
    versions: dict[str, str]
    site: Site
    weather: Weather
    part_year: PartYear | None = None
    models: dict[str, Scalar]
    not_modelled: tuple[str, ...] = ()
    mountings: Annotated[tuple[Mounting, ...], Field(min_length=1)]
    gains: tuple[Gain, ...]
    claim: Claim
    carbon: Carbon
    break_even: BreakEven | None = None
    stow: Stow | None = None
    recordings: Recordings | None = None
    production: Production | None = None

    def mounting(self, name: str) -> Mounting | None:
        """The row of that name, or None."""
        return next((row for row in self.mountings if row.name == name), None)

    def gain(self, of: str, over: str) -> Gain | None:
        """The gain of one row over another, or None."""
        return next((row for row in self.gains if (row.of, row.over) == (of, over)), None)


def read_document(mapping: Mapping[str, object]) -> ComparisonDocument:
    """The parsed JSON of a comparison as values; raises ValueError naming every wrong key at once."""
    try:
        return ComparisonDocument.model_validate(mapping)
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ValueError(
            "this is not a comparison document; write one with `sunflower compare --json`\n"
            + "\n".join(wrong)
        ) from error
