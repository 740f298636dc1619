"""The table of a sweep: its columns, its rows as they come, and Parquet bytes of them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from tracker.study.sweeps.arrow import array_of, numbers_of
from tracker.study.sweeps.plan import Chunk, Value, Variant
from tracker.units import MONTHS_PER_YEAR, FloatArray

INPUTS_KEY: Final = b"inputs_sha256"
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
    ("monthly_kwh", pa.list_(pa.float64(), MONTHS_PER_YEAR)),
)


def schema_of(variants: Sequence[Variant], inputs_sha256: str) -> pa.Schema:
    """Columns of the table: the place, the parameters by their keys, the yield."""
    keys = [key for key, _ in variants[0].values]
    own = [(key, _type([dict(each.values)[key] for each in variants])) for key in keys]
    return pa.schema([*ABOUT_PLACE, *own, *ABOUT_YIELD], metadata={INPUTS_KEY: inputs_sha256.encode()})


class Rows:
    """A chunk's rows while they come: what is said of its P places, and yields by place, variant, mounting.

    Yields are columns (P, V, M), of months (P, V, M, 12).
    """

    def __init__(self, chunk: Chunk) -> None:
        shape = (len(chunk.places), len(chunk.variants), len(chunk.mountings))
        self.places: list[Mapping[str, Any]] = []
        self.yields = {
            name: np.empty((*shape, MONTHS_PER_YEAR) if pa.types.is_fixed_size_list(kind) else shape)
            for name, kind in ABOUT_YIELD[1:]
        }

    def tell(self, about: Mapping[str, Any]) -> None:
        """Say what all rows of the next place say of it."""
        self.places.append(about)

    def put(self, at: Any, values: Mapping[str, ArrayLike]) -> None:
        """Give the columns of yields at an index of numpy's."""
        for name, column in values.items():
            self.yields[name][at] = column


def parquet_of(rows: Rows, chunk: Chunk) -> bytes:
    """The rows as the bytes of one Parquet file that knows the hash of its inputs."""
    schema = schema_of(chunk.variants, chunk.inputs_sha256)
    yields = {name: column.reshape(-1, *column.shape[3:]) for name, column in rows.yields.items()}
    columns: dict[str, Any] = {**_of_places(rows, chunk), **_of_variants(chunk), **yields}
    table = pa.Table.from_arrays(
        [array_of(columns[field.name], field.type) for field in schema], schema=schema
    )
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def _of_places(rows: Rows, chunk: Chunk) -> dict[str, list[Any]]:
    times = len(chunk.variants) * len(chunk.mountings)
    return {name: [place[name] for place in rows.places for _ in range(times)] for name, _ in ABOUT_PLACE}


def _of_variants(chunk: Chunk) -> dict[str, list[Any]]:
    """The parameters by their keys, and the mounting's name."""
    each, places = len(chunk.mountings), len(chunk.places)
    values = [dict(variant.values) for variant in chunk.variants for _ in range(each)]
    own = {key: [value[key] for value in values] * places for key, _ in chunk.variants[0].values}
    return {**own, "mounting": list(chunk.mountings) * (len(chunk.variants) * places)}


def inputs_of(file: str) -> str | None:
    """The hash that a part carries; None for a file that is damaged or no part."""
    try:
        metadata = pq.read_metadata(file).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return None
    return metadata.get(INPUTS_KEY, b"").decode() or None


def column_of(files: Sequence[str], name: str) -> FloatArray:
    """A column of numbers of all parts together, in their order."""
    return np.concatenate([numbers_of(_column(file, name)) for file in files])


def texts_of(files: Sequence[str], name: str) -> list[str]:
    """A column of words of all parts together, in their order."""
    return [text for file in files for text in _column(file, name).to_pylist()]


def _column(file: str, name: str) -> pa.ChunkedArray:
    with pq.ParquetFile(file) as part:  # read_table loads pandas
        return part.read([name], use_threads=False).column(name)


def _type(values: Sequence[Value]) -> pa.DataType:
    if all(isinstance(value, bool) for value in values):
        return pa.bool_()
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pa.float64()
    return pa.string()
