"""NSRDB PSM files and SAM's own CSV, which share their three header lines.

pvlib reads PSM files. It has no reader for SAM CSV (no `Local Time Zone`, sometimes no minutes, other column
names, zones such as 5.5): those go through pandas here.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from pvlib import iotools

from tracker.errors import InvalidWeather
from tracker.units import UtcArray
from tracker.weather.files.columns import PASCAL_PER_MBAR, Column, labels_of, require, values_of
from tracker.weather.files.raw import FilePlace, RawWeather

FIRST_LINE: Final = 4
COLUMNS: Final = {  # names as in NSRDB downloads, then those that SAM takes as well
    "ghi_w_m2": Column(("GHI", "ghi", "gh", "global", "global horizontal")),
    "dni_w_m2": Column(("DNI", "dn", "beam", "direct normal")),
    "dhi_w_m2": Column(("DHI", "df", "diffuse", "diffuse horizontal")),
    "temp_air_c": Column(("Temperature", "Tdry", "dry-bulb", "drybulb", "tamb", "ambient temperature")),
    "wind_speed_m_s": Column(("Wind Speed", "Wspd", "ws", "windspeed")),
    "pressure_pa": Column(("Pressure", "Pres"), factor=PASCAL_PER_MBAR),
}
PLACE_NAMES: Final = {
    "latitude_deg": ("latitude", "lat"),
    "longitude_deg": ("longitude", "lon", "lng"),
    "altitude_m": ("elevation", "elev", "altitude"),
    "utc_offset_h": ("time zone", "tz", "timezone"),
}
DATE: Final = ("year", "month", "day", "hour")


def is_sam_csv(head: list[str]) -> bool:
    """Whether the head has a line of place names, one of values, one of columns from a date on."""
    return len(head) > FIRST_LINE and _place(head) is not None and head[2].lower().startswith("year,month")


def is_psm(head: list[str]) -> bool:
    """Whether it is a SAM CSV of the kind that pvlib's PSM reader takes (whole time zones, minutes)."""
    if not is_sam_csv(head):
        return False
    meta, columns = _meta(head), _header(head)
    zones = (meta.get("time zone", ""), meta.get("local time zone", ""))
    whole = all(zone.lstrip("-+").isdigit() for zone in (*zones, meta.get("elevation", "")))
    return whole and "minute" in columns


def read_psm(path: Path, text: str) -> RawWeather:
    """NSRDB PSM through pvlib; a row's stamp is the instant of its values, the interval's centre."""
    head = text.splitlines()[:FIRST_LINE]
    require(str(path), next(csv.reader(head[2:3])), COLUMNS)
    plain = "\n".join(text.splitlines()) + "\n"  # pvlib splits rows at line feeds alone
    table, _ = iotools.read_nsrdb_psm4(io.StringIO(plain), map_variables=False)
    return _raw("NSRDB PSM", table, labels_of(pd.DatetimeIndex(table.index)), 0.0, head)


def read_sam_csv(path: Path, text: str) -> RawWeather:
    """SAM CSV through pandas; without a minute column hour h is the mean from h to h + 1."""
    head = text.splitlines()[:FIRST_LINE]
    require(str(path), next(csv.reader(head[2:3])), COLUMNS)
    table = pd.read_csv(io.StringIO(text), skiprows=2, index_col=False)
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    labels = _labels(path, table)
    has_minutes = "minute" in _header(head)
    half_step_s = float(np.median(np.diff(labels).astype(np.int64))) / 2.0
    return _raw("SAM CSV", table, labels, 0.0 if has_minutes else half_step_s, head)


def _labels(path: Path, table: pd.DataFrame) -> UtcArray:
    parts = table.rename(columns=str.lower)
    missing = [name for name in DATE if name not in parts]
    if missing:
        raise InvalidWeather(f"{path}: no column {', '.join(missing)}; line 3 names the columns, date first")
    names = [*DATE, "minute"] if "minute" in parts else list(DATE)
    return labels_of(pd.DatetimeIndex(pd.to_datetime(parts[names])))


def _raw(
    name: str, table: pd.DataFrame, labels: UtcArray, centre_after_label_s: float, head: list[str]
) -> RawWeather:
    place = _place(head)
    if place is None:
        raise ValueError("the head has no place; ask is_sam_csv first")
    return RawWeather(
        format=name,
        label_local=labels,
        centre_after_label_s=centre_after_label_s,
        values=values_of(table, COLUMNS),
        typical=is_typical(labels, _meta(head).get("source", "")),
        place=place,
        first_line=FIRST_LINE,
    )


def is_typical(labels: UtcArray, source: str) -> bool:
    """Whether rows are a typical year, which these files do not say.

    Measured is what says so in its source, and what runs through real time without a break. Months of
    mixed years are typical, and so is one leap year without its 29 February: 365 days for a simulation.
    """
    if "measured" in source.lower():
        return False
    return _mixes_years(labels) or _only_leap_day_missing(labels)


def _mixes_years(labels: UtcArray) -> bool:
    """Whether time jumps by most of a year or more, as where a month was taken from another year."""
    return bool((np.abs(np.diff(labels)) > np.timedelta64(300, "D")).any())


def _only_leap_day_missing(labels: UtcArray) -> bool:
    days = np.unique(labels.astype("datetime64[D]"))
    years = np.unique(days.astype("datetime64[Y]"))
    if years.size != 1:
        return False
    leap_day = years[0].astype("datetime64[D]") + np.timedelta64(59, "D")
    march = years[0].astype("datetime64[M]") + np.timedelta64(2, "M")
    return bool(leap_day.astype("datetime64[M]") < march and leap_day not in days)


def _meta(head: list[str]) -> Mapping[str, str]:
    names, values = list(csv.reader(head[:2]))
    return {
        name.strip().lower(): value.strip()
        for name, value in zip(names, values, strict=False)
        if name.strip()
    }


def _header(head: list[str]) -> list[str]:
    return [name.strip().lower() for name in next(csv.reader(head[2:3]))]


def _place(head: list[str]) -> FilePlace | None:
    meta = _meta(head)
    found = {
        field: next((meta[name] for name in names if name in meta), None)
        for field, names in PLACE_NAMES.items()
    }
    try:
        return FilePlace(**{field: float(value) for field, value in found.items() if value is not None})
    except (TypeError, ValueError):
        return None
