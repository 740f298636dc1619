"""Between Arrow and numpy by their buffers: Arrow's own ways load pandas first, half a second a process."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tracker.units import FloatArray, IntArray


def numbers_of(column: pa.ChunkedArray) -> FloatArray:
    """A column of any numbers as float64; NaN where it has none."""
    whole = _whole(column, pa.float64())
    values = _view(whole, np.dtype(np.float64))
    return np.where(np.asarray(whole.is_valid()), values, np.nan) if whole.null_count else values


def ticks_of(column: pa.ChunkedArray, unit: str) -> IntArray:
    """A column of times without a gap as whole units, such as s, since 1970; raises ValueError for a gap."""
    if column.null_count:
        raise ValueError(f"{column.null_count} times are missing; fill them in, or drop their rows")
    whole = _whole(column.cast(pa.timestamp(unit), safe=False), pa.int64())
    return _view(whole, np.dtype(np.int64))


def array_of(values: Sequence[Any] | FloatArray, kind: pa.DataType) -> pa.Array:
    """Values as an Arrow array: text, numbers, rows (N, M) of numbers as lists, or truth."""
    if pa.types.is_string(kind):
        texts = [value.encode() for value in values]
        ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
        return pa.Array.from_buffers(
            kind, len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
        )
    if pa.types.is_fixed_size_list(kind):
        flat = array_of(np.ravel(values), kind.value_type)
        return pa.FixedSizeListArray.from_arrays(flat, kind.list_size)
    if pa.types.is_boolean(kind):
        return pa.array(values, kind)
    whole = pa.types.is_integer(kind)
    numbers = np.array(values, dtype=np.int64 if whole else np.float64)
    return pa.Array.from_buffers(kind, numbers.size, [None, pa.py_buffer(numbers)])


def _whole(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """The column in one piece and of that type; as it is where it is so."""
    if column.num_chunks == 1 and column.type == kind:
        return column.chunk(0)
    return column.cast(kind).combine_chunks()


def _view(array: pa.Array, kind: np.dtype[Any]) -> NDArray[Any]:
    data = array.buffers()[1]
    if data is None:
        return np.empty(0, dtype=kind)
    return np.frombuffer(data, dtype=kind)[array.offset : array.offset + len(array)]
