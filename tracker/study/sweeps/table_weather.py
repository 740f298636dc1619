"""Weather from a Parquet table, straight into arrays: the way for many sites."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tracker.errors import InvalidWeather
from tracker.named_files import content_of
from tracker.study.sweeps.arrow import numbers_of, ticks_of
from tracker.study.sweeps.places import Place
from tracker.units import SECONDS_PER_HOUR, FloatArray, UtcArray
from tracker.weather.series import Weather
from tracker.weather.whole.quality import BOUNDS, LARGEST_BYTES, without_offsets

UTC: Final = "utc"
IRRADIANCE: Final = ("ghi_w_m2", "dni_w_m2", "dhi_w_m2")
OTHERS: Final = ("temp_air_c", "wind_speed_m_s", "pressure_pa")
OPTIONAL: Final = OTHERS[1:]
COLUMNS: Final = (UTC, *IRRADIANCE, *OTHERS)
KIND_KEY: Final = b"kind"
Stored: TypeAlias = tuple[pa.Field, tuple[tuple[str, int, bytes], ...]]


class TableReader:
    """Reads one table after the other; times that are stored like those before are not decoded again."""

    def __init__(self) -> None:
        self._stored: Stored | None = None
        self._utc: UtcArray = np.empty(0, dtype="datetime64[s]")
        self._step_s = 0.0

    def read(self, path: Path, place: Place, utc_offset_h: float) -> Weather:
        """Weather of a table: utc (interval centres), ghi_w_m2, dni_w_m2, dhi_w_m2 and temp_air_c.

        wind_speed_m_s and pressure_pa may be there too; others are not read. Times without a zone are UTC.
        `kind` in the schema's metadata says what it is ("typical year", ...). Raises InvalidWeather for a
        file that is missing or damaged, a missing column, times that do not run in equal steps, and numbers
        that are missing (but wind and pressure) or impossible.
        """
        data = _bytes(path)
        with _readable(path):
            file = pq.ParquetFile(pa.BufferReader(data))
            schema = file.schema_arrow
            wanted = _wanted(path, schema.names)
            stored = _stored(file, schema, data)
            known = stored == self._stored
            table = file.read(wanted[known:], use_threads=False)
        if not known:
            utc = _times(path, table)
            self._utc, self._step_s, self._stored = utc, _step_s(path, utc), stored
        ghi, dni, dhi = (without_offsets(_numbers(path, table, name)) for name in IRRADIANCE)
        temp_air, wind, pressure = (_numbers(path, table, name) for name in OTHERS)
        return Weather(
            utc=self._utc,
            step_s=self._step_s,
            ghi_w_m2=ghi,
            dni_w_m2=dni,
            dhi_w_m2=dhi,
            temp_air_c=temp_air,
            wind_speed_m_s=wind,
            pressure_pa=pressure,
            source=path.name,
            kind=(schema.metadata or {}).get(KIND_KEY, b"as given").decode(),
            latitude_deg=place.latitude_deg,
            longitude_deg=place.longitude_deg,
            altitude_m=place.altitude_m,
            utc_offset_h=utc_offset_h,
            filled_steps=0,
        )


def _bytes(path: Path) -> bytes:
    try:
        return content_of(path, LARGEST_BYTES)
    except FileNotFoundError as error:
        raise InvalidWeather(f"{path}: no such file; correct the path in the table of sites") from error
    except OSError as error:
        raise InvalidWeather(
            f"{path}: cannot be read ({error.strerror}); name a table that you may read"
        ) from error


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidWeather(f"{path}: cannot be read as Parquet ({error}); write it again") from error


def _wanted(path: Path, names: Sequence[str]) -> list[str]:
    """The columns to read of those that are there, times first."""
    missing = [name for name in COLUMNS if name not in (*names, *OPTIONAL)]
    if missing:
        raise InvalidWeather(f"{path}: no column {', '.join(missing)}; write the table with it")
    return [name for name in COLUMNS if name in names]


def _stored(file: pq.ParquetFile, schema: pa.Schema, data: bytes) -> Stored:
    """The column of times as it lies in the file: its type, and codec, size and bytes in each row group."""
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    columns = (group.column(number) for group in groups for number in range(group.num_columns))
    times = [column for column in columns if column.path_in_schema == UTC]
    return schema.field(UTC), tuple((each.compression, each.num_values, _pages(each, data)) for each in times)


def _pages(column: pq.ColumnChunkMetaData, data: bytes) -> bytes:
    start = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
    return data[start : start + column.total_compressed_size]


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
