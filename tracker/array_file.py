"""Named arrays in a file of their own, for copies that anyone may lose: quick to read, hard to be fooled by.

A file is the SHA-256 of the rest, the length of a JSON list of (name, dtype, shape), the list, and the
arrays' bytes. Nothing in it is ever run or unpickled, and one changed bit makes it no copy at all.
"""

import hashlib
import json
import os
from math import prod
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = dict[str, NDArray[Any]]

DIGEST_BYTES: Final = 32
LENGTH_BYTES: Final = 8
ALIGNED_BYTES: Final = 64  # where arrays begin, as numpy itself aligns them
OTHERS_MAY_WRITE: Final = 0o022
OWNER_ONLY: Final = 0o600


def read_arrays(path: Path) -> Arrays:
    """The arrays of a file, writable. Raises OSError, and ValueError for one that is damaged or not ours."""
    with path.open("rb") as file:
        _demand_own(os.fstat(file.fileno()))
        data = np.empty(os.fstat(file.fileno()).st_size, dtype=np.uint8)
        whole = file.readinto(data.data) == data.size
    if not whole or hashlib.sha256(data[DIGEST_BYTES:].data).digest() != data[:DIGEST_BYTES].tobytes():
        raise ValueError("is damaged")
    try:
        return _arrays_in(data)
    except (TypeError, OverflowError) as error:
        raise ValueError("was written by something else") from error


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write a file that only its owner reads: whole or not at all, whoever else writes the same.

    Raises OSError, and ValueError for arrays of objects.
    """
    plain = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    head = json.dumps([(name, _plain(each.dtype).str, each.shape) for name, each in plain.items()]).encode()
    parts = [len(head).to_bytes(LENGTH_BYTES, "little"), head]
    end = DIGEST_BYTES + LENGTH_BYTES + len(head)
    for each in plain.values():
        parts += [bytes(_aligned(end) - end), each.tobytes()]
        end = _aligned(end) + each.nbytes
    rest = b"".join(parts)
    partial = path.with_stem(os.urandom(8).hex())
    with open(partial, "xb", opener=_for_owner) as file:
        file.write(hashlib.sha256(rest).digest() + rest)
    partial.replace(path)


def _arrays_in(data: NDArray[np.uint8]) -> Arrays:
    start = DIGEST_BYTES + LENGTH_BYTES
    end = start + int.from_bytes(data[DIGEST_BYTES:start].tobytes(), "little")
    arrays: Arrays = {}
    for name, dtype, shape in json.loads(data[start:end].tobytes()):
        kind, begin = _plain(np.dtype(dtype)), _aligned(end)
        end = begin + prod(shape) * kind.itemsize
        arrays[name] = data[begin:end].view(kind).reshape(shape)
    return arrays


def _demand_own(state: os.stat_result) -> None:
    if state.st_uid != os.geteuid() or state.st_mode & OTHERS_MAY_WRITE:
        raise ValueError("belongs to someone else, or others may write it")


def _plain(dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.hasobject:
        raise ValueError(f"{dtype}: objects cannot be kept")
    return dtype


def _aligned(place: int) -> int:
    return -(-place // ALIGNED_BYTES) * ALIGNED_BYTES


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)
