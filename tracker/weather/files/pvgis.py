"""PVGIS exports: satellite values at an instant of each hour, stamped in UTC.

TMY files stamp full hours and state the instant's distance in their head (Irradiance Time Offset). Where
they do not, `tracker.weather.whole.closure` finds it, given the place. Hourly files carry the minute in the
stamp.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from pvlib import iotools

from tracker.errors import InvalidWeather
from tracker.units import SECONDS_PER_HOUR
from tracker.weather.files.columns import Column, labels_of, require, values_of
from tracker.weather.files.raw import IRRADIANCE, FilePlace, RawWeather

COLUMNS: Final = {
    "ghi_w_m2": Column(("G(h)",)),
    "dni_w_m2": Column(("Gb(n)",)),
    "dhi_w_m2": Column(("Gd(h)",)),
    "temp_air_c": Column(("T2m",)),
    "wind_speed_m_s": Column(("WS10m",)),
    "pressure_pa": Column(("SP",)),
}
ALL_LIGHT: Final = (*IRRADIANCE, "temp_air_c")  # closure of all three tells the instant where no head does
HOURLY_NEEDS: Final = ("Gb(i)", "Gd(i)", "H_sun", "T2m")
PLACE_LINE: Final = "Latitude (decimal degrees)"
NOWHERE: Final = FilePlace(
    latitude_deg=float("nan"), longitude_deg=float("nan"), altitude_m=float("nan"), utc_offset_h=0.0
)
LOWEST_BEAM_SUN_DEG: Final = 1.0  # chosen: below, beam over sin(elevation) amplifies rounding by 57 and more


def is_tmy(head: list[str]) -> bool:
    """Whether it is a TMY export with its head."""
    return head[0].startswith(PLACE_LINE) and any(line.startswith("time(UTC)") for line in head)


def is_hourly(head: list[str]) -> bool:
    """Whether it is an hourly time series with its head."""
    return head[0].startswith(PLACE_LINE) and any(line.startswith("time,") for line in head)


def read_tmy(path: Path, text: str) -> RawWeather:
    """A TMY export through pvlib, which wants 8,760 rows: fewer are an error here, with their count."""
    lines = text.splitlines()
    header = next(i for i, line in enumerate(lines) if line.startswith("time(UTC)"))
    require(str(path), lines[header].split(","), COLUMNS, ALL_LIGHT)
    rows = sum(line[:8].isdigit() for line in lines[header + 1 :])
    if rows != 8760:
        raise InvalidWeather(f"{path}: {rows:,} rows, a PVGIS typical year has 8,760; download it again")
    table, meta = iotools.read_pvgis_tmy(io.BytesIO(text.encode()), pvgis_format="csv", map_variables=False)
    offset_h = meta["inputs"].get("irradiance time offset")
    offset_s = None if offset_h is None else offset_h * SECONDS_PER_HOUR
    return _raw("PVGIS TMY", table, offset_s, _place(meta), first_line=header + 2)


def read_tmy_table(path: Path, text: str) -> RawWeather:
    """The table of a TMY export alone; it does not say where it is."""
    require(str(path), text.splitlines()[0].split(","), COLUMNS, ALL_LIGHT)
    table = pd.read_csv(io.StringIO(text))
    table.index = pd.to_datetime(table["time(UTC)"], format="%Y%m%d:%H%M", utc=True)
    return _raw("PVGIS TMY", table, None, NOWHERE, first_line=2)


def read_hourly(path: Path, text: str) -> RawWeather:
    """An hourly export with radiation components on the horizontal plane, through pvlib."""
    lines = text.splitlines()
    header = next(i for i, line in enumerate(lines) if line.startswith("time,"))
    _require_components(path, lines[header].split(","))
    table, meta = iotools.read_pvgis_hourly(io.StringIO(text), pvgis_format="csv", map_variables=False)
    slope = str(meta["inputs"].get("Slope", "0")).split()[0]
    if float(slope) != 0.0:
        raise InvalidWeather(f"{path}: the plane is tilted by {slope} deg; download it with slope 0 deg")
    return _raw("PVGIS hourly", horizontal(table), 0.0, _place(meta), first_line=header + 2, typical=False)


def _require_components(path: Path, header: list[str]) -> None:
    lost = [name for name in HOURLY_NEEDS if name not in header]
    if lost:
        raise InvalidWeather(
            f"{path}: no column {', '.join(lost)}; download the hourly data with "
            "'Radiation components' at slope 0"
        )


def horizontal(table: pd.DataFrame) -> pd.DataFrame:
    """Horizontal beam and diffuse as GHI, DNI and DHI; closure holds by construction at the file's sun."""
    sine = np.sin(np.radians(table["H_sun"]))
    high = table["H_sun"] > LOWEST_BEAM_SUN_DEG
    ghi = table["Gb(i)"] + table["Gd(i)"]
    dni = (table["Gb(i)"] / sine.where(high)).fillna(0.0)
    return table.assign(**{"G(h)": ghi, "Gb(n)": dni, "Gd(h)": table["Gd(i)"].where(high, ghi)})


def _place(meta: Mapping[str, Any]) -> FilePlace:
    inputs = meta["inputs"]
    return FilePlace(
        latitude_deg=float(inputs["latitude"]),
        longitude_deg=float(inputs["longitude"]),
        altitude_m=float(inputs["elevation"]),
        utc_offset_h=0.0,
    )


def _raw(
    name: str,
    table: pd.DataFrame,
    offset_s: float | None,
    place: FilePlace,
    *,
    first_line: int,
    typical: bool = True,
) -> RawWeather:
    return RawWeather(
        format=name,
        label_local=labels_of(pd.DatetimeIndex(table.index)),
        centre_after_label_s=offset_s,
        values=values_of(table, COLUMNS),
        typical=typical,
        place=place,
        first_line=first_line,
    )
