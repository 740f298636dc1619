"""What is read from a file of arrays is what was written, or nothing."""

import json
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tracker.array_file import read_arrays, write_arrays

EVERY_FRAME = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DTYPES = st.one_of(
    arrays_of.floating_dtypes(),
    arrays_of.integer_dtypes(),
    arrays_of.boolean_dtypes(),
    arrays_of.unicode_string_dtypes(max_len=20),
    arrays_of.datetime64_dtypes(),
)
SHAPES = arrays_of.array_shapes(min_dims=0, min_side=0, max_side=5)


@EVERY_FRAME
@given(st.dictionaries(st.text(max_size=9), arrays_of.arrays(DTYPES, SHAPES), max_size=4))
def test_arrays_come_back_to_the_bit_and_can_be_written(tmp_path, arrays):
    write_arrays(tmp_path / "copy", arrays)
    read = read_arrays(tmp_path / "copy")
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert (read[name].dtype, read[name].shape) == (array.dtype, array.shape)
        assert read[name].tobytes() == array.tobytes()
        assert read[name].flags.writeable
        assert read[name].flags.aligned


def test_arrays_in_any_order_of_memory_come_back(tmp_path):
    turned = np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1)[::2]
    write_arrays(tmp_path / "copy", {"a": turned})
    assert np.array_equal(read_arrays(tmp_path / "copy")["a"], turned)


@EVERY_FRAME
@given(data=st.data())
def test_one_changed_bit_is_seen(tmp_path, data):
    write_arrays(tmp_path / "copy", {"a": np.arange(5.0), "b": np.array("text")})
    content = bytearray((tmp_path / "copy").read_bytes())
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    content[place // 8] ^= 1 << place % 8
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        read_arrays(tmp_path / "copy")


@EVERY_FRAME
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_refused_in_one_way(tmp_path, content, signed):
    head = json.dumps([["a", "<f8", [3]]]).encode()
    rest = len(head).to_bytes(8, "little") + head + content if signed else content
    (tmp_path / "copy").touch(mode=0o600)
    (tmp_path / "copy").write_bytes(sha256(rest).digest() + rest if signed else rest)
    try:
        read = read_arrays(tmp_path / "copy")
    except ValueError:
        return
    assert signed
    assert read["a"].shape == (3,)


@pytest.mark.parametrize(
    "head", [b"[]x", b"{", b"7", b'[["a", "O", [1]]]', b'[["a", "<f8", [99]]]', b'[["a", "f", "x"]]']
)
def test_a_head_that_makes_no_sense_is_refused(tmp_path, head):
    rest = len(head).to_bytes(8, "little") + head + bytes(256)
    (tmp_path / "copy").touch(mode=0o600)
    (tmp_path / "copy").write_bytes(sha256(rest).digest() + rest)
    with pytest.raises(ValueError):  # noqa: PT011 - whose words are numpy's or json's
        read_arrays(tmp_path / "copy")


def test_objects_cannot_be_kept(tmp_path):
    with pytest.raises(ValueError, match="objects"):
        write_arrays(tmp_path / "copy", {"a": np.array([{}])})
    assert not list(tmp_path.iterdir())
