"""Checks that stop damaged, incomplete or foreign weather; each says where, what and what to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.named_files import content_of
from tracker.plant import Site
from tracker.sun import sun_position
from tracker.units import BoolArray, FloatArray, wrap_180
from tracker.weather.files.raw import IRRADIANCE, NEEDED, FilePlace, RawWeather
from tracker.weather.series import Weather

NEGATIVE_OFFSET_W_M2: Final = -4.0  # night offset of pyranometers, lowest possible value of the BSRN checks
LARGEST_DISTANCE_KM: Final = 300.0  # chosen: about the reach of one climate, and 2.7 deg of latitude
LARGEST_NOON_SHIFT_H: Final = (
    0.75  # chosen: afternoon cloud moves the centre of GHI by 0.4 h, zones by 0.5 or 1
)
NOON_SHIFT_OF_A_DAY_H: Final = 2.5  # chosen: one cloudy morning moves it by up to 2.3 h (record 0029)
STUCK_H: Final = 24.0
EARTH_RADIUS_KM: Final = 6371.0
DEGREES_PER_HOUR: Final = 15.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a mean over an interval can be; name and unit for the message."""

    name: str
    low: float
    high: float
    unit: str


BOUNDS: Final = {  # irradiance: chosen, the solar constant 1361 W/m2 and a tenth more for bright cloud edges
    "ghi_w_m2": Bounds("GHI", NEGATIVE_OFFSET_W_M2, 1500.0, "W/m2"),
    "dni_w_m2": Bounds("DNI", NEGATIVE_OFFSET_W_M2, 1410.0, "W/m2"),  # 1361 times 1.035 at perihelion
    "dhi_w_m2": Bounds("DHI", NEGATIVE_OFFSET_W_M2, 1000.0, "W/m2"),
    "temp_air_c": Bounds("air temperature", -90.0, 60.0, "C"),  # WMO records -89.2 and 56.7 C
    "wind_speed_m_s": Bounds("wind speed", 0.0, 115.0, "m/s"),  # WMO record 113 m/s
    "gust_m_s": Bounds("gust", 0.0, 115.0, "m/s"),
    "poa_w_m2": Bounds("light in the plane", -50.0, 2000.0, "W/m2"),  # chosen: offsets, cloud edges, ground
    "temp_module_c": Bounds("module temperature", -90.0, 130.0, "C"),  # chosen: hot spots are no mean
    "pressure_pa": Bounds("pressure", 30000.0, 110000.0, "Pa"),
}
LARGEST_BYTES: Final = 1_000_000_000  # chosen: ten years by the minute take half of it
PLACE_BOUNDS: Final = (
    Bounds("latitude_deg", -90.0, 90.0, "deg"),
    Bounds("longitude_deg", -180.0, 180.0, "deg"),
    Bounds("altitude_m", -450.0, 9000.0, "m"),  # the Dead Sea's shore and Mount Everest
    Bounds("utc_offset_h", -12.0, 14.0, "h"),
)


def file_bytes(path: Path) -> bytes:
    """The file's content; InvalidWeather for a missing file, a directory or an unreadable file."""
    if path.is_dir():
        raise InvalidWeather(f"{path}: is a directory; give one weather file inside it")
    try:
        return content_of(path, LARGEST_BYTES)
    except FileNotFoundError as error:
        raise InvalidWeather(
            f"{path}: no such file; give the path relative to the site file, or climate:shenzhen"
        ) from error
    except OSError as error:
        raise InvalidWeather(
            f"{path}: cannot be read ({error.strerror}); give a weather file that you may read"
        ) from error


def file_text(path: Path) -> str:
    """The file's text; InvalidWeather for what `file_bytes` refuses, and for a binary file."""
    data = file_bytes(path)
    if b"\0" in data:
        raise InvalidWeather(
            f"{path}: byte {data.index(0):,} is 0, so this is no text file; unpack it if it is an archive"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # old EPW and TMY3 files spell place names in it; any byte decodes


def check_place(place: str, where: FilePlace) -> None:
    """Raise InvalidWeather for a latitude, longitude, altitude or time zone that no place on Earth has."""
    for bounds in PLACE_BOUNDS:
        value = getattr(where, bounds.name)
        if not np.isnan(value) and not bounds.low <= value <= bounds.high:
            raise InvalidWeather(
                f"{place}: {bounds.name} in its head is {value:g}, it lies within {bounds.low:g} to "
                f"{bounds.high:g} {bounds.unit}; correct the head"
            )


def check_numbers(place: str, raw: RawWeather) -> None:
    """Raise InvalidWeather for missing or impossible values of a typical year, naming the first line.

    Measured ones are only refused without any light: what is impossible in them counts as missing.
    """
    if raw.typical:
        _check_typical(place, raw)
    for name in IRRADIANCE:
        column = raw.values[name]
        if np.nanmax(column, initial=0.0) <= 0.0 and (name == "ghi_w_m2" or np.isfinite(column).any()):
            raise InvalidWeather(
                f"{place}: {BOUNDS[name].name} is never above 0; the file has no such values, or they have "
                "decimal commas: write points"
            )


def _check_typical(place: str, raw: RawWeather) -> None:
    whole = "a typical year must be whole; get a whole copy"
    for name in NEEDED:
        _refuse(place, raw, name, np.isnan(raw.values[name]), whole)
    for name, bounds in BOUNDS.items():
        limits = f"{bounds.name} lies within {bounds.low:g} to {bounds.high:g} {bounds.unit}"
        outside = beyond(name, raw.values[name])
        _refuse(place, raw, name, outside, f"{limits}; check the column's unit, or get an undamaged copy")


def beyond(name: str, column: FloatArray) -> BoolArray:
    """Whether values (T,) of that field are impossible anywhere on Earth; NaN is not."""
    bounds = BOUNDS[name]
    return np.asarray((column < bounds.low) | (column > bounds.high))


def check_not_stuck(place: str, ghi_w_m2: FloatArray, step_s: float, first_line: int) -> None:
    """Raise InvalidWeather where GHI above 0 stays the same for a day: a stuck sensor or filled column."""
    length = round(STUCK_H * 3600.0 / step_s)
    same = np.concatenate(([False], (np.diff(ghi_w_m2) == 0.0) & (ghi_w_m2[1:] > 0.0)))
    run = np.convolve(same, np.ones(length - 1), mode="valid") >= length - 1
    if run.any():
        i = int(run.argmax()) - 1  # the first difference of 0 follows the first of the equal values
        raise InvalidWeather(
            f"{place}: line {first_line + i}: GHI stays at {ghi_w_m2[i]:g} W/m2 for {STUCK_H:g} h; "
            "no sun does that; get an undamaged copy"
        )


def check_noon(place: str, weather: Weather, site: Site) -> None:
    """Raise InvalidWeather where GHI's noon is off the sun's by more than clouds can do to so many days."""
    days = weather.utc.size * weather.step_s / 86400.0
    most_h = max(LARGEST_NOON_SHIFT_H, NOON_SHIFT_OF_A_DAY_H / np.sqrt(days))
    shift_h = noon_shift_h(weather, site)
    if abs(shift_h) <= most_h:
        return
    fitting_h = (weather.utc_offset_h + round(2.0 * shift_h) / 2.0 + 12.0) % 24.0 - 12.0
    raise InvalidWeather(
        f"{place}: the middle of its days is {abs(shift_h):.1f} h {'after' if shift_h > 0 else 'before'} "
        f"solar noon at longitude {site.longitude_deg:g} deg, at most {most_h:.3g} h is "
        f"credible; its time zone says UTC{weather.utc_offset_h:+g}, UTC{fitting_h:+g} would fit: correct "
        "the time zone, or the longitude if that is wrong"
    )


def noon_shift_h(weather: Weather, site: Site) -> float:
    """Hours by which the energy-weighted hour angle of GHI lies after that of extraterrestrial light.

    Means on the circle, so that any time zone's error shows, whatever day the clock says.
    """
    sun = sun_position(weather.utc, site).direction_enu
    south = (
        -np.sin(np.radians(site.latitude_deg)) * sun[:, 1] + np.cos(np.radians(site.latitude_deg)) * sun[:, 2]
    )
    hour_angle = np.exp(1j * np.arctan2(-sun[:, 0], south))
    light = np.clip(sun[:, 2], 0.0, None)
    shift_rad = np.angle(np.sum(weather.ghi_w_m2 * hour_angle) / np.sum(light * hour_angle))
    return float(wrap_180(np.degrees(shift_rad))) / DEGREES_PER_HOUR


def check_site(weather: Weather, site: Site) -> None:
    """Raise InvalidWeather for weather from the other hemisphere or farther than LARGEST_DISTANCE_KM.

    Weather that does not say where it is must at least have its noon when the site has it.
    """
    if np.isnan(weather.latitude_deg):
        check_noon(weather.source, weather, site)
        return
    here = f"site {site.name} lies at {_place(site.latitude_deg, site.longitude_deg)}"
    there = f"{weather.source} is from {_place(weather.latitude_deg, weather.longitude_deg)}"
    distance_km = _distance_km(weather, site)
    if weather.latitude_deg * site.latitude_deg < 0.0 and distance_km > LARGEST_DISTANCE_KM:
        raise InvalidWeather(
            f"{there}, but {here}, in the other hemisphere: its summer is the site's winter; check the "
            "sign of site.latitude_deg (north positive) or give weather from the site's own hemisphere"
        )
    if distance_km > LARGEST_DISTANCE_KM:
        raise InvalidWeather(
            f"{there}, but {here}, {distance_km:,.0f} km away; at most {LARGEST_DISTANCE_KM:g} km is "
            "accepted; correct the site's place or set weather.source to a file from near it"
        )


def without_offsets(column: FloatArray) -> FloatArray:
    """Irradiance with the small negative night offsets set to 0; (T,)."""
    return np.maximum(column, 0.0)


def _refuse(place: str, raw: RawWeather, name: str, wrong: BoolArray, rule: str) -> None:
    if not wrong.any():
        return
    i = int(wrong.argmax())
    value, more = raw.values[name][i], int(wrong.sum()) - 1
    says = "is missing or no number" if np.isnan(value) else f"is {value:g} {BOUNDS[name].unit}"
    others = f" (and on {more:,} more lines)" if more else ""
    raise InvalidWeather(f"{place}: line {raw.first_line + i}: {BOUNDS[name].name} {says}{others}; {rule}")


def _place(latitude_deg: float, longitude_deg: float) -> str:
    ns, ew = "NS"[latitude_deg < 0.0], "EW"[longitude_deg < 0.0]
    return f"{abs(latitude_deg):.2f} {ns}, {abs(longitude_deg):.2f} {ew}"


def _distance_km(weather: Weather, site: Site) -> float:
    """Great circle by the haversine formula, which keeps short distances exact."""
    lat_1, lat_2 = np.radians([weather.latitude_deg, site.latitude_deg])
    half_lat, half_lon = (lat_2 - lat_1) / 2.0, np.radians(site.longitude_deg - weather.longitude_deg) / 2.0
    chord = np.sin(half_lat) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin(half_lon) ** 2
    return float(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))
