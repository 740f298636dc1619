"""The site file's sections: every key with its default, bounds, unit and meaning, in one place.

Bounds are chosen: wide enough for a tabletop model and for the largest heliostat, narrow enough to catch a
wrong unit. The commented file of `sunflower init` and every message about a value are made from this.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticKnownError

from tracker.array.head import FEWEST_PETALS, MOST_PETALS
from tracker.model_names import OPEN_RACK, InverterModel, SpectralModel, TemperatureModel
from tracker.mounting_names import NAMES, WRITTEN, is_mounting
from tracker.plant import ALL_MOUNTINGS, NO_SOURCE, Decomposition, DiffuseStrategy, IntervalLabel

ObstacleKind: TypeAlias = Literal["wall", "building", "post"]
Layout: TypeAlias = Literal["vogel", "ring", "grid", "survey"]
Protocol: TypeAlias = Literal["native", "easycomm2", "easycomm3", "gs232a", "gs232b", "rotctld", "sunspec"]
FactorKind: TypeAlias = Literal["average", "marginal", "operating margin", "build margin", "combined margin"]
Pair: TypeAlias = Annotated[tuple[float, float], Strict(False)]  # TOML has lists only
Months: TypeAlias = Annotated[
    tuple[Annotated[float, Field(ge=0.0, le=100.0)], ...], Strict(False), Field(min_length=12, max_length=12)
]
Offset: TypeAlias = Annotated[float, Field(ge=-5.0, le=5.0)]
Offsets: TypeAlias = Annotated[tuple[Offset, Offset, Offset], Strict(False)]
Coordinate: TypeAlias = Annotated[float, Field(ge=-10_000.0, le=10_000.0)]
Point: TypeAlias = Annotated[tuple[Coordinate, ...], Strict(False)]
Points: TypeAlias = Annotated[tuple[Point, ...], Strict(False)]
PetalNumber: TypeAlias = Annotated[int, Field(ge=1, le=MOST_PETALS)]
String: TypeAlias = Annotated[tuple[PetalNumber, ...], Strict(False)]
Strings: TypeAlias = Annotated[tuple[String, ...], Strict(False)]
FIRST_ADDRESS, LAST_ADDRESS = 1, 247  # of a device on one port, as on Modbus


def _one_of(name: str, known: Collection[str]) -> str:
    if name not in known and not is_mounting(name):
        raise PydanticKnownError("literal_error", {"expected": ", ".join(map(repr, known))})
    return name


Mounting: TypeAlias = Annotated[str, AfterValidator(partial(_one_of, known=NAMES))]
Baseline: TypeAlias = Annotated[str, AfterValidator(partial(_one_of, known=(*NAMES, ALL_MOUNTINGS)))]


def _number(default: float, low: float, high: float, unit: str, says: str) -> Any:
    return _field(default, says, _span(low, high, unit), ge=low, le=high)


def _count(default: int, low: int, high: int, says: str) -> Any:
    return _field(default, says, f"a whole number, {low} to {high}", ge=low, le=high)


def _pair(default: tuple[float, float], low: float, high: float, unit: str, says: str) -> Any:
    allowed = f"low and high end within {_span(low, high, unit)}"
    return _field(default, says, allowed, json_schema_extra={"allowed": allowed, "low": low, "high": high})


def _text(default: str, says: str) -> Any:
    return _field(default, says, "text in quotes", min_length=1, max_length=1000)


def _file(says: str, example: str) -> Any:
    shown = {"allowed": "text in quotes", "example": example}
    return _field(None, says, "text in quotes", min_length=1, max_length=1000, json_schema_extra=shown)


def _unset_text(says: str, example: str) -> Any:
    return _file(says, f'"{example}"')


def _unset_number(low: float, high: float, unit: str, says: str, example: str) -> Any:
    shown = {"allowed": _span(low, high, unit), "example": example}
    return _field(None, says, shown["allowed"], ge=low, le=high, json_schema_extra=shown)


def _unset_name(known: Any, says: str, example: str) -> Any:
    allowed = "one of " + ", ".join(get_args(known))
    shown = {"allowed": allowed, "example": f'"{example}"'}
    return _field(None, says, allowed, json_schema_extra=shown)


def _unset_model(known: Any, says: str, example: str) -> Any:
    allowed = "one of " + ", ".join(f'"{name}"' for name in get_args(known))  # names have commas
    shown = {"allowed": allowed, "example": f'"{example}"'}
    return _field(None, says, allowed, json_schema_extra=shown)


def _months(says: str) -> Any:
    allowed = f"12 numbers, January first, {_span(0.0, 100.0, '%')}"
    shown = {"allowed": allowed, "example": str([2.0] * 12)}
    return _field(None, says, allowed, json_schema_extra=shown)


def _flag(default: bool, says: str) -> Any:
    return _field(default, says, "true or false")


def _name(default: str, known: Any, says: str) -> Any:
    return _field(default, says, "one of " + ", ".join(get_args(known)))


def _names(default: list[str], written: Collection[str], says: str) -> Any:
    return _field(default, says, "a list of " + ", ".join(written), min_length=1)


def _addresses(says: str, example: str) -> Any:
    allowed = f"names with whole numbers, {FIRST_ADDRESS} to {LAST_ADDRESS}"
    return _field({}, says, allowed, json_schema_extra={"allowed": allowed, "example": example})


def _strings(says: str, example: str) -> Any:
    allowed = "lists of petal numbers, every petal once"
    return _field((), says, allowed, json_schema_extra={"allowed": allowed, "example": example})


def _offsets(says: str) -> Any:
    return _field((0.0, 0.0, 0.0), says, "three numbers, " + _span(-5.0, 5.0, "m"))


def _points(says: str, example: str) -> Any:
    allowed = "[east, north] or [east, north, up], " + _span(-10_000.0, 10_000.0, "m of the origin")
    return _field(None, says, allowed, json_schema_extra={"allowed": allowed, "example": example})


def _field(default: Any, says: str, allowed: str, **bounds: Any) -> Any:
    return Field(default, description=says, **{"json_schema_extra": {"allowed": allowed}, **bounds})


def _span(low: float, high: float, unit: str) -> str:
    return f"{low:g} to {high:g} {unit}".rstrip()


class Section(BaseModel):
    """A table of the site file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class SiteSection(Section):
    """Where the array stands."""

    name: str = _text("Shenzhen North, west square", "for reports")
    latitude_deg: float = _number(22.6097, -90.0, 90.0, "deg", "north positive")
    longitude_deg: float = _number(114.0296, -180.0, 180.0, "deg", "east positive")
    altitude_m: float = _number(80.0, -430.0, 6000.0, "m", "above sea level")
    timezone: str = _text("Asia/Shanghai", "IANA name")
    albedo: float = _number(0.2, 0.0, 1.0, "", "share of light that the ground reflects")
    horizon: str | None = _file(
        "CSV file beside this one with the skyline: azimuth_deg, elevation_deg, or PVGIS's horizon profile",
        '"horizon.csv"',
    )


class ArraySection(Section):
    """The field of heads."""

    layout: Layout = _name("vogel", Layout, "where the heads stand")
    heads: int = _count(19, 1, 10_000, "how many")
    spacing_m: float = _number(
        7.0, 0.1, 200.0, "m", "least distance of two heads in plan; not used by survey"
    )
    slope_deg: float = _number(0.0, 0.0, 45.0, "deg", "of the ground; not used by survey")
    slope_azimuth_deg: float = _number(
        180.0, 0.0, 360.0, "deg", "where the ground falls to; not used by survey"
    )
    survey: str | None = _file(
        "CSV file beside this one with name, east_m, north_m, up_m; only for layout survey", '"survey.csv"'
    )


class HeadSection(Section):
    """One head: a flat disk of petals."""

    petals: int = _count(12, FEWEST_PETALS, MOST_PETALS, "how many")
    area_m2: float = _number(18.0, 0.01, 200.0, "m2", "of all petals together")
    pivot_height_m: float = _number(3.0, 0.05, 30.0, "m", "of the elevation axis above the ground")
    foldable: bool = _flag(True, "whether the petals fold")
    panel_offset_m: Offsets = _offsets(
        "from the point where both axes meet to the disk's centre: right and up as seen in front, then along "
        "the panel's normal"
    )


class ObstacleSection(Section):
    """A wall, building or post that throws shadows on the heads; repeat the table for more of them."""

    kind: ObstacleKind = _name("wall", ObstacleKind, "what it is")
    name: str | None = _unset_text("for messages", "Station hall")
    points: Points | None = _points("of a wall, its foot from end to end", "[[-30, -20], [-30, 20]]")
    outline: Points | None = _points(
        "of a building, its corners on the ground in turn", "[[-60, -20], [-30, -20], [-30, 20], [-60, 20]]"
    )
    foot: Point | None = _points("of a post, its middle on the ground", "[12, 40]")
    height_m: float | None = _unset_number(0.01, 1000.0, "m", "above the points", "9.5")
    diameter_m: float | None = _unset_number(0.01, 100.0, "m", "of a post", "0.6")


class MountSection(Section):
    """The two-axis drive of each head."""

    azimuth_range_deg: Pair = _pair(
        (-270.0, 270.0), -720.0, 720.0, "deg", "travel, cables included; 90 is east"
    )
    elevation_range_deg: Pair = _pair(
        (0.0, 95.0), -10.0, 190.0, "deg", "travel; 90 is flat, facing the zenith"
    )
    azimuth_rate_deg_s: float = _number(0.5, 0.01, 30.0, "deg/s", "fastest")
    elevation_rate_deg_s: float = _number(0.3, 0.01, 30.0, "deg/s", "fastest")
    drive_power_w: float = _number(60.0, 0.0, 5000.0, "W", "of each axis while it moves")
    standby_power_w: float = _number(4.0, 0.0, 500.0, "W", "of a head, always")
    dead_band_deg: float = _number(
        0.1, 0.0, 5.0, "deg", "of either axis: a head that follows the sun is not sent on for less"
    )

    @field_validator("azimuth_range_deg", "elevation_range_deg")
    @classmethod
    def _within_bounds(cls, pair: tuple[float, float], info: ValidationInfo) -> tuple[float, float]:
        bounds = facts(cls.model_fields[str(info.field_name)])
        if not bounds["low"] <= pair[0] < pair[1] <= bounds["high"]:
            raise ValueError("is out of range or out of order")
        return pair


class PvSection(Section):
    """The photovoltaic modules and inverter of each head."""

    dc_capacity_w: float = _number(2500.0, 1.0, 100_000.0, "W", "of one head, at standard test conditions")
    gamma_per_c: float = _number(-0.0037, -0.01, 0.0, "1/C", "power's relative change with cell temperature")
    dc_ac_ratio: float = _number(1.15, 0.3, 3.0, "", "modules' capacity over the inverter's")
    inverter_efficiency: float = _number(0.96, 0.5, 1.0, "", "nominal")
    system_losses_percent: float = _number(
        14.0, 0.0, 60.0, "%", "wiring, mismatch, availability; soiling too unless soiling_percent tells it"
    )
    module: str | None = _unset_text(
        "name in the CEC table that pvlib carries; its single diode then takes the place of gamma_per_c",
        "Canadian_Solar_Inc__CS6X_305M",
    )
    inverter: str | None = _unset_text(
        "name in the CEC table; scaled to dc_ac_ratio, it takes the place of inverter_efficiency",
        "ABB__PVI_3_0_OUTD_S_US_A__240V_",
    )
    bifaciality: float = _number(0.0, 0.0, 1.0, "", "efficiency of the back over that of the front")
    soiling_percent: Months | None = _months("light lost to dirt on the glass")
    snow_percent: Months | None = _months("light lost to snow on the glass")
    strings: Strings = _strings(
        "petals in series on each maximum power point, numbered from 1 at the top, clockwise seen from the "
        "front; none: all in one string",
        "[[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]",
    )
    bypass_per_petal: int = _count(1, 1, 100, "bypass diodes, each over as many of the petal's cells")
    cells_per_petal: int = _count(40, 1, 1000, "in series")
    temperature_model: TemperatureModel | None = _unset_model(
        TemperatureModel, "of the cells in rows and on fixed planes, unless set the first of these", OPEN_RACK
    )
    head_temperature_model: TemperatureModel | None = _unset_model(
        TemperatureModel,
        "of the cells on heads, which stand free, unless set the same as in rows; heads are as high as "
        "their pivot, rows 1.5 m; a model of another family than that of the rows is no fair comparison",
        "noct-sam, 45 C open rack",
    )
    spectral_model: SpectralModel | None = _unset_model(
        SpectralModel, "what the colours of the light are worth, not modelled unless set", "none"
    )
    inverter_model: InverterModel | None = _unset_model(
        InverterModel,
        "curve of an inverter without a name, unless set that of PVWatts's report of 2014",
        "pvwatts",
    )


class BridgeSection(Section):
    """One serial port or link to the motors; repeat the table for more ports."""

    port: str = _text("sim:", "/dev/serial/by-id/..., socket://host:port, or sim: for the simulator")
    protocol: Protocol = _name("native", Protocol, "what the devices speak")
    baud: int | None = _unset_number(
        300, 921_600, "bit/s", "speed of a serial line; unset: as the protocol is usually run", "57600"
    )
    heads: dict[str, Annotated[int, Field(ge=FIRST_ADDRESS, le=LAST_ADDRESS)]] = _addresses(
        "head names and their addresses on this port; heads not named are spread in order",
        "{ H01 = 1, H02 = 2 }",
    )


class WindSection(Section):
    """Where gusts are measured."""

    source: str = _text(
        "sim:",
        "file:PATH with the latest gust in m/s, modbus:PATH describing an anemometer, contact: of the heads, "
        "sim: none",
    )
    height_m: float = _number(10.0, 0.5, 200.0, "m", "of the anemometer above the ground")
    weather_height_m: float = _number(
        10.0, 0.5, 200.0, "m", "of the weather's wind above the ground, for yield; 10 in typical years"
    )
    shear_exponent: float = _number(
        0.143, 0.0, 0.6, "", "of the power law between both heights; 0.143 is open ground, 0.25 suburbs"
    )


class IrradianceSection(Section):
    """Where the light on level ground is measured."""

    source: str = _text(
        NO_SOURCE,
        "none; file:PATH with the latest GHI in W/m2; or modbus:PATH describing a pyranometer, which may be "
        "the file of the wind",
    )


class AimingSection(Section):
    """Where heads look when there is more light elsewhere than at the sun."""

    diffuse: DiffuseStrategy = _name(
        "off",
        DiffuseStrategy,
        "lean: under clouds toward the zenith, by the measured irradiance",
    )


class SafetySection(Section):
    """When heads stow and when they are released; gusts are those at the wind sensor."""

    stow_gust_m_s: float = _number(12.0, 2.0, 40.0, "m/s", "stow at this gust")
    release_gust_m_s: float = _number(8.0, 1.0, 40.0, "m/s", "calm is below this gust")
    release_after_s: float = _number(1800.0, 0.0, 86_400.0, "s", "of calm before tracking resumes")
    wind_stale_after_s: float = _number(10.0, 1.0, 600.0, "s", "older wind data counts as wind")
    link_lease_s: float = _number(5.0, 0.5, 60.0, "s", "heads stow by themselves after this silence")
    gust_factor: float = _number(1.5, 1.0, 3.0, "", "gust over hourly mean wind, for yield")


class WeatherSection(Section):
    """What the yield is computed from."""

    source: str = _text(
        "climate:shenzhen",
        "climate:NAME; a file: EPW, TMY2, TMY3, NSRDB PSM, PVGIS, SAM CSV, plain CSV; or online: pvgis:tmy, "
        "pvgis:2005-2020, nasa_power:2020, nsrdb:tmy",
    )
    decomposition: Decomposition = _name(
        "erbs", Decomposition, "model that splits global light where beam and diffuse are missing"
    )
    interval_label: IntervalLabel = _name(
        "auto", IntervalLabel, "where in its interval a plain CSV's stamp lies; auto: as the file says"
    )


class ComparisonSection(Section):
    """Mountings compared on the same weather, and the claim to test."""

    mountings: list[Mounting] = _names(
        ["flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing", "sunflower"],
        WRITTEN,
        "compared",
    )
    ground_cover_ratio: float = _number(
        0.4, 0.05, 0.95, "", "module over land area, fixed and single-axis rows"
    )
    single_axis_backtrack: bool = _flag(True, "whether single-axis rows avoid shading each other")
    claim_percent: float = _number(40.0, -50.0, 300.0, "%", "gain claimed for the sunflower")
    claim_over: Baseline = _field(
        "best_fixed", "the mounting that the claim is over, or all", f"one of {', '.join(WRITTEN)}, or all"
    )
    pointing_error_deg: float = _number(
        0.1, 0.0, 20.0, "deg", "of the sunflower's heads, root mean square; what calibrate verify states"
    )
    availability_percent: float = _number(
        99.0, 0.0, 100.0, "%", "of the time that the sunflower's drives work; else heads lie level"
    )


class CarbonSection(Section):
    """The grid that the energy displaces; printed with every result, as far as it is stated."""

    factor_kg_per_kwh: float = _number(0.4042, 0.0, 2.0, "kg/kWh", "CO2 of the grid's energy")
    factor_source: str = _text("South region average, 2023", "where the factor comes from, with its year")
    factor_year: int | None = _unset_number(1990, 2100, "", "the year that the factor describes", "2023")
    factor_region: str | None = _unset_text("the grid that the factor describes", "South China")
    factor_scope: str | None = _unset_text("what the factor counts", "CO2 of generation, none upstream")
    factor_kind: FactorKind | None = _unset_name(FactorKind, "what kind of factor it is", "average")
    operating_margin_kg_per_kwh: float | None = _unset_number(
        0.0, 2.0, "kg/kWh", "together with the build margin in place of the factor", "0.60"
    )
    build_margin_kg_per_kwh: float | None = _unset_number(
        0.0, 2.0, "kg/kWh", "together with the operating margin in place of the factor", "0.25"
    )
    build_margin_weight: float = _number(0.25, 0.0, 1.0, "", "of the build margin; 0.25 for sun, CDM TOOL07")


class EconomicsSection(Section):
    """What a kWh brings; without a price nothing is said about money."""

    energy_price_per_kwh: float | None = _unset_number(
        0.0, 1000.0, "", "paid for a kWh; gives the extra cost at which tracking breaks even", "0.453"
    )
    currency: str = _text("CNY", "of the price and of the upkeep")
    lifetime_years: float = _number(25.0, 1.0, 60.0, "years", "of the plant")
    discount_rate_percent: float = _number(5.0, 0.0, 30.0, "%", "a year; worth of later money today")
    extra_upkeep_per_kwp_year: float = _number(0.0, 0.0, 1e6, "", "what tracking costs more a year, per kWp")


SECTIONS: Final[Mapping[str, type[Section]]] = {
    "site": SiteSection,
    "array": ArraySection,
    "head": HeadSection,
    "obstacle": ObstacleSection,
    "mount": MountSection,
    "pv": PvSection,
    "bridge": BridgeSection,
    "wind": WindSection,
    "irradiance": IrradianceSection,
    "aiming": AimingSection,
    "safety": SafetySection,
    "weather": WeatherSection,
    "comparison": ComparisonSection,
    "carbon": CarbonSection,
    "economics": EconomicsSection,
}
REPEATED: Final = frozenset({"bridge", "obstacle"})  # written [[bridge]], one table each
OPTIONAL: Final = frozenset({"obstacle"})  # there is none unless it is written


def facts(field: FieldInfo) -> Mapping[str, Any]:
    """What the schema says of a field beyond its type: `allowed` in words, an `example`, a pair's ends."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, Mapping) else {}
