"""The table of a sweep: its columns, and rows as Parquet bytes."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tracker.study.sweeps.arrow import array_of, numbers_of
from tracker.study.sweeps.plan import Chunk, Value, Variant
from tracker.units import FloatArray

INPUTS_KEY: Final = b"inputs_sha256"
MONTHS: Final = 12
ABOUT_PLACE: Final = (
    ("site", pa.string()),
    ("latitude_deg", pa.float64()),
    ("longitude_deg", pa.float64()),
    ("altitude_m", pa.float64()),
    ("weather", pa.string()),
    ("weather_kind", pa.string()),
    ("hours", pa.float64()),
    ("filled_steps", pa.int64()),
    ("ghi_kwh_m2", pa.float64()),
    ("dni_kwh_m2", pa.float64()),
    ("dhi_kwh_m2", pa.float64()),
)
ABOUT_YIELD: Final = (
    ("mounting", pa.string()),
    ("tilt_deg", pa.float64()),
    ("azimuth_deg", pa.float64()),
    ("poa_kwh_m2", pa.float64()),
    ("ac_kwh", pa.float64()),
    ("ac_kwh_per_kwp", pa.float64()),
    ("drive_kwh", pa.float64()),
    ("net_kwh", pa.float64()),
    ("net_kwh_per_kwp", pa.float64()),
    ("net_kwh_per_m2_land", pa.float64()),
    ("monthly_kwh", pa.list_(pa.float64(), MONTHS)),
)


def schema_of(variants: Sequence[Variant], inputs_sha256: str) -> pa.Schema:
    """Columns of the table: the place, the parameters by their keys, the yield."""
    keys = [key for key, _ in variants[0].values]
    own = [(key, _type([dict(each.values)[key] for each in variants])) for key in keys]
    return pa.schema([*ABOUT_PLACE, *own, *ABOUT_YIELD], metadata={INPUTS_KEY: inputs_sha256.encode()})


def parquet_of(rows: Sequence[Mapping[str, Any]], chunk: Chunk) -> bytes:
    """The rows as the bytes of one Parquet file that knows the hash of its inputs."""
    schema = schema_of(chunk.variants, chunk.inputs_sha256)
    columns = [array_of([row[field.name] for row in rows], field.type) for field in schema]
    table = pa.Table.from_arrays(columns, schema=schema)
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def inputs_of(file: str) -> str | None:
    """The hash that a part carries; None for a file that is damaged or no part."""
    try:
        metadata = pq.read_metadata(file).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return None
    return metadata.get(INPUTS_KEY, b"").decode() or None


def column_of(files: Sequence[str], name: str) -> FloatArray:
    """A column of numbers of all parts together, in their order."""
    return np.concatenate([numbers_of(pq.read_table(file, columns=[name]).column(name)) for file in files])


def _type(values: Sequence[Value]) -> pa.DataType:
    if all(isinstance(value, bool) for value in values):
        return pa.bool_()
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pa.float64()
    return pa.string()
