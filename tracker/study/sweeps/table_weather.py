"""Weather from a Parquet table, straight into arrays: the way for many sites."""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tracker.errors import InvalidWeather
from tracker.study.sweeps.arrow import numbers_of, ticks_of
from tracker.study.sweeps.places import Place
from tracker.units import SECONDS_PER_HOUR, FloatArray, UtcArray
from tracker.weather.quality import BOUNDS, without_offsets
from tracker.weather.series import Weather

UTC: Final = "utc"
IRRADIANCE: Final = ("ghi_w_m2", "dni_w_m2", "dhi_w_m2")
OTHERS: Final = ("temp_air_c", "wind_speed_m_s", "pressure_pa")
OPTIONAL: Final = OTHERS[1:]
COLUMNS: Final = (UTC, *IRRADIANCE, *OTHERS)
KIND_KEY: Final = b"kind"


def read_table_weather(path: Path, place: Place, utc_offset_h: float) -> Weather:
    """Weather of a table with the columns utc (interval centres), ghi_w_m2, dni_w_m2, dhi_w_m2, temp_air_c.

    wind_speed_m_s and pressure_pa may be there too; others are not read. Times without a zone are UTC.
    `kind` in the schema's metadata says what it is ("typical year", ...). Raises InvalidWeather for a file
    that is missing or damaged, a missing column, times that do not run in equal steps, and numbers that are
    missing (but wind and pressure) or impossible.
    """
    table = _table(path)
    missing = [name for name in COLUMNS if name not in (*table.column_names, *OPTIONAL)]
    if missing:
        raise InvalidWeather(f"{path}: no column {', '.join(missing)}; write the table with it")
    utc = _times(path, table)
    ghi, dni, dhi = (without_offsets(_numbers(path, table, name)) for name in IRRADIANCE)
    temp_air, wind, pressure = (_numbers(path, table, name) for name in OTHERS)
    return Weather(
        utc=utc,
        step_s=_step_s(path, utc),
        ghi_w_m2=ghi,
        dni_w_m2=dni,
        dhi_w_m2=dhi,
        temp_air_c=temp_air,
        wind_speed_m_s=wind,
        pressure_pa=pressure,
        source=path.name,
        kind=(table.schema.metadata or {}).get(KIND_KEY, b"as given").decode(),
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        altitude_m=place.altitude_m,
        utc_offset_h=utc_offset_h,
        filled_steps=0,
    )


def _table(path: Path) -> pa.Table:
    try:
        file = pq.ParquetFile(path)
        wanted = [name for name in COLUMNS if name in file.schema_arrow.names]
        return file.read(wanted, use_threads=False)
    except FileNotFoundError as error:
        raise InvalidWeather(f"{path}: no such file; correct the path in the table of sites") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidWeather(f"{path}: cannot be read as Parquet ({error}); write it again") from error


def _times(path: Path, table: pa.Table) -> UtcArray:
    column = table.column(UTC)
    if not pa.types.is_timestamp(column.type):
        raise InvalidWeather(f"{path}: utc is of type {column.type}; write it as a timestamp in UTC")
    try:
        return ticks_of(column, "s").view("datetime64[s]")
    except ValueError as error:
        raise InvalidWeather(f"{path}: utc: {error}") from error


def _numbers(path: Path, table: pa.Table, name: str) -> FloatArray:
    """A column as float64; all NaN where an optional one is not there."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    values = numbers_of(table.column(name))
    bounds = BOUNDS[name]
    if not (values.size and values.min() >= bounds.low and values.max() <= bounds.high):  # NaN fails too
        _refuse_outside(path, name, values)
    return values


def _refuse_outside(path: Path, name: str, values: FloatArray) -> None:
    bounds = BOUNDS[name]
    good = (values >= bounds.low) & (values <= bounds.high)
    if name in OPTIONAL:
        good |= np.isnan(values)
    if not good.all():
        row = int(np.argmin(good))
        raise InvalidWeather(
            f"{path}: row {row}: {bounds.name} is {values[row]:g} {bounds.unit}, it lies within "
            f"{bounds.low:g} to {bounds.high:g}; check the column's unit, fill what is missing"
        )


def _step_s(path: Path, utc: UtcArray) -> float:
    steps = np.diff(utc).astype(np.int64)
    if not steps.size or steps[0] <= 0 or SECONDS_PER_HOUR % steps[0] or np.any(steps != steps[0]):
        raise InvalidWeather(
            f"{path}: utc does not run in equal steps of an hour or a whole part of one; resample it to such"
        )
    return float(steps[0])
