"""EPW, TMY2 and TMY3: typical years whose rows are labelled by the end of their hour."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pvlib import iotools

from tracker.errors import InvalidWeather
from tracker.weather.files.columns import PASCAL_PER_MBAR, Column, labels_of, require, values_of
from tracker.weather.files.raw import FilePlace, RawWeather

HALF_HOUR_S: Final = 1800.0
EPW_FIELDS: Final = 35  # EnergyPlus Auxiliary Programs, weather data dictionary
EPW_HEADER_LINES: Final = 8
TMY2_LINE_CHARACTERS: Final = 142  # TMY2 User's Manual (doi:10.2172/87130), table 3-2

# The numbers that stand for "missing" are those of the EnergyPlus data dictionary and the TMY manuals.
EPW: Final = {
    "ghi_w_m2": Column(("ghi",), missing=9999.0),
    "dni_w_m2": Column(("dni",), missing=9999.0),
    "dhi_w_m2": Column(("dhi",), missing=9999.0),
    "temp_air_c": Column(("temp_air",), missing=99.9),
    "wind_speed_m_s": Column(("wind_speed",), missing=999.0),
    "pressure_pa": Column(("atmospheric_pressure",), missing=999999.0),
}
TMY2: Final = {
    "ghi_w_m2": Column(("GHI",), missing=9999.0),
    "dni_w_m2": Column(("DNI",), missing=9999.0),
    "dhi_w_m2": Column(("DHI",), missing=9999.0),
    "temp_air_c": Column(("DryBulb",), factor=0.1, missing=9999.0),
    "wind_speed_m_s": Column(("Wspd",), factor=0.1, missing=999.0),
    "pressure_pa": Column(("Pressure",), factor=PASCAL_PER_MBAR, missing=9999.0),
}
TMY3: Final = {
    "ghi_w_m2": Column(("GHI (W/m^2)",), missing=-9900.0),
    "dni_w_m2": Column(("DNI (W/m^2)",), missing=-9900.0),
    "dhi_w_m2": Column(("DHI (W/m^2)",), missing=-9900.0),
    "temp_air_c": Column(("Dry-bulb (C)",), missing=-9900.0),
    "wind_speed_m_s": Column(("Wspd (m/s)",), missing=-9900.0),
    "pressure_pa": Column(("Pressure (mbar)",), factor=PASCAL_PER_MBAR, missing=-9900.0),
}


def read_epw(path: Path, text: str) -> RawWeather:
    """EnergyPlus weather; the columns have no names, so a row with another count of fields is an error."""
    lines = text.splitlines()
    for number, line in enumerate(lines[EPW_HEADER_LINES:], EPW_HEADER_LINES + 1):
        fields = line.count(",") + 1
        if line and fields != EPW_FIELDS:
            raise InvalidWeather(
                f"{path}: line {number} has {fields} columns, an EPW row has {EPW_FIELDS} without names, "
                "so a missing column shifts all that follow; download the file again"
            )
    table, meta = iotools.read_epw(io.StringIO(text))
    return _typical("EPW", table, meta, EPW, HALF_HOUR_S, EPW_HEADER_LINES + 1)


def read_tmy2(path: Path, text: str) -> RawWeather:
    """TMY2, fixed columns: a short row is an error. Feet and tenths are converted, the sun's times kept."""
    for number, line in enumerate(text.splitlines()[1:], 2):
        if len(line.rstrip()) < TMY2_LINE_CHARACTERS - 1:
            raise InvalidWeather(
                f"{path}: line {number} has {len(line.rstrip())} characters, a TMY2 row has "
                f"{TMY2_LINE_CHARACTERS}; its columns have fixed places, so get an undamaged copy"
            )
    table, meta = iotools.read_tmy2(str(path))
    return _typical("TMY2", table, meta, TMY2, HALF_HOUR_S, 2)


def read_tmy3(path: Path, text: str) -> RawWeather:
    """TMY3 CSV; pvlib keeps the label at the end of the hour."""
    require(str(path), text.splitlines()[1].split(","), TMY3)
    table, meta = iotools.read_tmy3(io.StringIO(text), map_variables=False)
    return _typical("TMY3", table, meta, TMY3, -HALF_HOUR_S, 3)


def _typical(
    name: str,
    table: pd.DataFrame,
    meta: Mapping[str, Any],
    columns: Mapping[str, Column],
    centre_after_label_s: float,
    first_line: int,
) -> RawWeather:
    place = FilePlace(
        latitude_deg=float(meta["latitude"]),
        longitude_deg=float(meta["longitude"]),
        altitude_m=float(meta["altitude"]),
        utc_offset_h=float(meta["TZ"]),
    )
    return RawWeather(
        format=name,
        label_local=labels_of(pd.DatetimeIndex(table.index)),
        centre_after_label_s=centre_after_label_s,
        values=values_of(table, columns),
        typical=True,
        place=place,
        first_line=first_line,
    )
