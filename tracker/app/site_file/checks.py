"""What no single key can get wrong: the site file's keys held against each other and against the world.

Each check takes the values that the tables name and runs if those are whole, so that one broken key hides
nothing about the others. Notes are findings that a user should know and may keep.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from tracker.app.site_file import checks_hardware as hardware
from tracker.app.site_file import checks_products as products
from tracker.app.site_file import obstacles
from tracker.app.site_file.problems import Finding, nearest_name
from tracker.app.wind_contacts import SOURCES, contact_heads
from tracker.array import Survey
from tracker.errors import InvalidInput
from tracker.mounting_names import demand_mounting
from tracker.plant import ALL_MOUNTINGS, NO_SOURCE
from tracker.weather.source_names import CLIMATE_PREFIX, is_file, is_service, wrong_period
from tracker.weather.synthetic.climates import CLIMATES

ZONE_TOLERANCE_H: Final = 3.5  # of solar time; chosen: western China keeps Beijing's time, 3.1 h off
ZONE_YEAR: Final = 2025  # whose January and July offsets are looked at; chosen
OBLIQUITY_DEG: Final = 23.44
TWO_AXES: Final = frozenset({"sunflower", "two_axis_sun_facing", "two_axis_optimal"})
WIND_SOURCE: Final = re.compile("sim:|(file|modbus):.+|contact:.*")
IRRADIANCE_SOURCE: Final = re.compile(f"{NO_SOURCE}|(file|modbus):.+")

Checks: TypeAlias = tuple[tuple[tuple[str, ...], Callable[..., Iterator[Finding]]], ...]


def findings(checks: Checks, values: Mapping[str, object]) -> Iterator[Finding]:
    """What the checks find, each run only if every value that it takes is there."""
    for names, check in checks:
        if all(name in values for name in names):
            yield from check(*(values[name] for name in names))


def _zone_is_known(timezone: str) -> Iterator[Finding]:
    if _zone(timezone) is None:
        nearest = nearest_name(timezone, available_timezones())
        says = f'= "{timezone}" is no IANA time zone; give one such as Asia/Shanghai{nearest}'
        yield ("site", "timezone"), says


def _zone_fits_the_sun(timezone: str, longitude_deg: float) -> Iterator[Finding]:
    zone = _zone(timezone)
    if zone is None:
        return
    solar_h = longitude_deg / 15.0
    clocks_h = [_offset_h(zone, month) for month in (1, 7)]
    if min(abs((clock_h - solar_h + 12.0) % 24.0 - 12.0) for clock_h in clocks_h) > ZONE_TOLERANCE_H:
        says = (
            f'= "{timezone}" is UTC{clocks_h[0]:+g} h, but the sun at longitude_deg = {longitude_deg:g} '
            f"keeps UTC{solar_h:+.1f} h: more than {ZONE_TOLERANCE_H:g} h apart; wrong time zone or longitude"
        )
        yield ("site", "timezone"), says


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of zones, a path, an unknown name
        return None


def _offset_h(zone: ZoneInfo, month: int) -> float:
    offset = datetime(ZONE_YEAR, month, 1, tzinfo=zone).utcoffset()
    return 0.0 if offset is None else offset.total_seconds() / 3600.0


def _survey_is_named(layout: str, survey: str | None) -> Iterator[Finding]:
    if layout == "survey" and survey is None:
        yield ("array", "layout"), '= "survey" needs the file\'s name too; add survey = "survey.csv"'
    if layout != "survey" and survey is not None:
        yield ("array", "survey"), f'is given, but layout is "{layout}"; set layout = "survey" or remove it'


def _survey_holds_the_heads(
    layout: str, heads: int, feet: Survey, given: Mapping[str, Any]
) -> Iterator[Finding]:
    if layout == "survey" and "heads" in given["array"] and heads != len(feet.names):
        says = f"= {heads}, but the survey holds {len(feet.names)}; remove heads, or complete the survey"
        yield ("array", "heads"), says


def _mountings_hold_a_tracker(mountings: Sequence[str]) -> Iterator[Finding]:
    if repeated := [name for name, count in Counter(mountings).items() if count > 1]:
        yield ("comparison", "mountings"), f"names {', '.join(repeated)} more than once; name each once"
    if not TWO_AXES & set(mountings):
        yield ("comparison", "mountings"), 'has no two-axis mounting to judge the claim on; add "sunflower"'


def _claim_is_compared(mountings: Sequence[str], claim_over: str) -> Iterator[Finding]:
    if claim_over == "sunflower":
        yield ("comparison", "claim_over"), '= "sunflower" is what the claim is about; give another mounting'
    elif claim_over != ALL_MOUNTINGS and claim_over not in mountings:
        says = f'= "{claim_over}" is not among mountings ({", ".join(mountings)}); add it there'
        yield ("comparison", "claim_over"), says


def _planes_are_there(mountings: Sequence[str]) -> Iterator[Finding]:
    for number, name in enumerate(mountings):
        try:
            demand_mounting(name)
        except InvalidInput as wrong:
            yield ("comparison", "mountings", number), f"= {wrong}"


def _margins_come_together(operating: float | None, build: float | None) -> Iterator[Finding]:
    if (operating is None) != (build is None):
        there, missing = ("operating", "build") if build is None else ("build", "operating")
        says = f"is given without the {missing} margin; add {missing}_margin_kg_per_kwh or remove it"
        yield ("carbon", f"{there}_margin_kg_per_kwh"), says


def _weather_is_there(source: str, folder: Path) -> Iterator[Finding]:
    path = ("weather", "source")
    if is_service(source):
        wrong = wrong_period(source)
        if wrong is not None:
            yield path, f'= "{source}": {wrong}'
    elif not is_file(source):
        name = source.removeprefix(CLIMATE_PREFIX)
        if name not in CLIMATES:
            known = ", ".join(f"{CLIMATE_PREFIX}{climate}" for climate in CLIMATES)
            says = f'= "{source}" is no known climate; give {known}, or a file{nearest_name(name, CLIMATES)}'
            yield path, says
    else:
        yield from _weather_file_is_there(source, folder)


def _weather_file_is_there(source: str, folder: Path) -> Iterator[Finding]:
    path, file = ("weather", "source"), folder / Path(source).expanduser()
    if not file.exists():
        yield path, f'= "{source}" is no file in {folder.absolute()}; give a weather file, or climate:NAME'
    elif not file.is_file():
        yield path, f'= "{source}" is not a file; give the weather file itself, or climate:NAME'


def _wind_is_known(source: str) -> Iterator[Finding]:
    if not WIND_SOURCE.fullmatch(source):
        yield ("wind", "source"), f'= "{source}" is not supported; give {SOURCES}'


def _irradiance_is_known(source: str) -> Iterator[Finding]:
    if not IRRADIANCE_SOURCE.fullmatch(source):
        yield ("irradiance", "source"), f'= "{source}" is not supported; give none, file:PATH or modbus:PATH'


def _clouds_can_be_seen(diffuse: str, source: str) -> Iterator[Finding]:
    if diffuse != "off" and source == NO_SOURCE:
        says = f'= "{diffuse}", but nothing measures the light; name the pyranometer in irradiance.source'
        yield ("aiming", "diffuse"), says


def _contacts_stand(source: str, feet: Survey) -> Iterator[Finding]:
    for name in contact_heads(source, feet.names):
        if name not in feet.names:
            says = f'= "{source}": {name!r} is no head of the array ({feet.names[0]} to {feet.names[-1]})'
            yield ("wind", "source"), says + nearest_name(name, feet.names)


def _sun_is_in_reach(latitude_deg: float, azimuth_range_deg: tuple[float, float]) -> Iterator[Finding]:
    low_deg, high_deg = azimuth_range_deg
    first_deg, last_deg = sun_azimuths_deg(latitude_deg)
    turns_deg = range(-1080, 1081, 360)
    held = any(low_deg <= first_deg + turn and last_deg + turn <= high_deg for turn in turns_deg)
    if high_deg - low_deg < 360.0 and not held:
        says = (
            f"= [{low_deg:g}, {high_deg:g}] is less than a turn and leaves out some of the sun's azimuths at "
            f"this latitude, {first_deg:.0f} to {last_deg:.0f} deg: heads wait at their end of travel"
        )
        yield ("mount", "azimuth_range_deg"), says


def sun_azimuths_deg(latitude_deg: float) -> tuple[float, float]:
    """First and last azimuth of the risen sun over the year; a whole turn in the tropics and polar circles.

    On the longest day the sun rises where cos azimuth = sin declination / cos latitude (spherical triangle
    of pole, zenith and sun at elevation 0); refraction is left out.
    """
    if not OBLIQUITY_DEG < abs(latitude_deg) < 90.0 - OBLIQUITY_DEG:
        return 0.0, 360.0
    ratio = math.sin(math.radians(OBLIQUITY_DEG)) / math.cos(math.radians(latitude_deg))
    rises_deg = math.degrees(math.acos(ratio))
    return (rises_deg, 360.0 - rises_deg) if latitude_deg > 0.0 else (rises_deg - 180.0, 180.0 - rises_deg)


CHECKS: Final[Checks] = (
    (("site.timezone",), _zone_is_known),
    (("site.timezone", "site.longitude_deg"), _zone_fits_the_sun),
    (("array.layout", "array.survey"), _survey_is_named),
    (("array.layout", "array.heads", "feet", "given"), _survey_holds_the_heads),
    (("array.layout", "array.heads", "array.spacing_m", "swept_radius_m"), hardware.disks_keep_apart),
    (
        ("head.pivot_height_m", "mount.elevation_range_deg", "disk_radius_m", "head.panel_offset_m"),
        hardware.disk_clears_the_ground,
    ),
    (("obstacle",), obstacles.tables_are_whole),
    (("obstacle", "feet", "head.pivot_height_m", "swept_radius_m"), obstacles.heads_are_clear),
    (("mount.elevation_range_deg",), hardware.flat_stow_is_in_reach),
    (("safety.stow_gust_m_s", "safety.release_gust_m_s"), hardware.gusts_release_below_stow),
    (("comparison.mountings",), _mountings_hold_a_tracker),
    (("comparison.mountings", "comparison.claim_over"), _claim_is_compared),
    (("comparison.mountings",), _planes_are_there),
    (("carbon.operating_margin_kg_per_kwh", "carbon.build_margin_kg_per_kwh"), _margins_come_together),
    (("pv.strings", "head.petals"), hardware.strings_hold_every_petal),
    (("pv.bypass_per_petal", "pv.cells_per_petal"), hardware.diodes_have_cells),
    (("bridge",), hardware.bridges_share_nothing),
    (("bridge",), hardware.addresses_are_unique),
    (("bridge", "feet"), hardware.bridge_heads_stand),
    (("pv.module",), products.module_is_known),
    (("pv.inverter",), products.inverter_is_known),
    (("pv.inverter", "pv.inverter_model"), products.one_inverter),
    (("weather.source", "folder"), _weather_is_there),
    (("wind.source",), _wind_is_known),
    (("irradiance.source",), _irradiance_is_known),
    (("aiming.diffuse", "irradiance.source"), _clouds_can_be_seen),
    (("wind.source", "feet"), _contacts_stand),
)
NOTES: Final[Checks] = (
    (("bridge", "feet"), hardware.addresses_suffice),
    (("site.latitude_deg", "mount.azimuth_range_deg"), _sun_is_in_reach),
    (("head.area_m2", "pv.dc_capacity_w"), hardware.capacity_fits_the_area),
)
