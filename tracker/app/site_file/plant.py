"""Validated sections as the frozen values that everyone inside trusts."""

from dataclasses import dataclass, fields
from pathlib import Path

from tracker.app.site_file.obstacles import obstacle_of
from tracker.app.site_file.schema import (
    AimingSection,
    ArraySection,
    BridgeSection,
    CarbonSection,
    ComparisonSection,
    EconomicsSection,
    HeadSection,
    IrradianceSection,
    MountSection,
    ObstacleSection,
    PvSection,
    SafetySection,
    SiteSection,
    WeatherSection,
    WindSection,
)
from tracker.array import LAYOUTS, Survey, head_names, on_slope, read_survey
from tracker.plant import (
    Array,
    Bridge,
    Carbon,
    ComparisonPlan,
    Economics,
    Head,
    Horizon,
    Limits,
    Mount,
    Panels,
    Plant,
    Safety,
    Site,
    Wind,
)
from tracker.sun.horizon import read_horizon
from tracker.weather.source_names import is_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """Every section of a site file, whole and checked."""

    site: SiteSection
    array: ArraySection
    head: HeadSection
    obstacle: tuple[ObstacleSection, ...]
    mount: MountSection
    pv: PvSection
    bridge: tuple[BridgeSection, ...]
    wind: WindSection
    irradiance: IrradianceSection
    aiming: AimingSection
    safety: SafetySection
    weather: WeatherSection
    comparison: ComparisonSection
    carbon: CarbonSection
    economics: EconomicsSection


def build_plant(sections: Sections, feet: Survey, horizon: Horizon | None, folder: Path) -> Plant:
    """The plant; sections and values carry the same names, so that only shapes change here."""
    comparison = sections.comparison.model_dump() | {"mountings": tuple(sections.comparison.mountings)}
    return Plant(
        site=site_of(sections.site),
        array=Array(
            names=feet.names,
            positions_enu_m=feet.positions_enu_m,
            head=Head(**sections.head.model_dump()),
            mount=_mount(sections.mount),
            obstacles=tuple(obstacle_of(*each) for each in enumerate(sections.obstacle)),
            panels=Panels(**sections.pv.model_dump(exclude_none=True)),
        ),
        bridges=tuple(Bridge(**one.model_dump()) for one in sections.bridge),
        wind=Wind(**sections.wind.model_dump()),
        safety=Safety(**sections.safety.model_dump()),
        weather_source=_weather_source(sections.weather.source, folder),
        comparison=ComparisonPlan(**comparison),
        carbon=Carbon(**sections.carbon.model_dump()),
        horizon=horizon,
        economics=_economics(sections.economics),
        diffuse=sections.aiming.diffuse,
        irradiance_source=sections.irradiance.source,
        **sections.weather.model_dump(exclude={"source"}),
    )


def site_of(site: SiteSection) -> Site:
    """The place alone, without its skyline."""
    return Site(**site.model_dump(exclude={"horizon"}))


def skyline_of(site: SiteSection, folder: Path) -> Horizon | None:
    """The skyline that the section names, if any; raises InvalidInput for a file with errors."""
    return None if site.horizon is None else read_horizon(folder / Path(site.horizon).expanduser())


def place_heads(array: ArraySection, swept_radius_m: float, folder: Path) -> Survey:
    """Names and feet of the heads, laid out or surveyed; raises InvalidInput for a survey with errors."""
    if array.layout == "survey":
        return read_survey(folder / str(array.survey), disk_diameter_m=2.0 * swept_radius_m)
    level_m = LAYOUTS[array.layout](array.heads, array.spacing_m)
    return Survey(
        names=head_names(array.heads),
        positions_enu_m=on_slope(level_m, array.slope_deg, array.slope_azimuth_deg),
    )


def _mount(mount: MountSection) -> Mount:
    travel = {field.name for field in fields(Limits)}
    return Mount(limits=Limits(**mount.model_dump(include=travel)), **mount.model_dump(exclude=travel))


def _economics(economics: EconomicsSection) -> Economics | None:
    return None if economics.energy_price_per_kwh is None else Economics(**economics.model_dump())


def _weather_source(source: str, folder: Path) -> str:
    """Climates and services as they are; a file with its whole path, good from every working directory."""
    return str((folder / Path(source).expanduser()).absolute()) if is_file(source) else source
