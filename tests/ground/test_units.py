"""Conversions and selections that everybody stands on."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tracker.units import distinct

WHOLE = st.sampled_from([np.dtype(np.int64), np.dtype("datetime64[D]"), np.dtype(np.bool_)])
SHAPES = arrays_of.array_shapes(max_dims=2, min_side=0, max_side=20)


@given(st.data(), WHOLE)
def test_distinct_values_are_those_of_numpy(data, dtype):
    values = data.draw(
        arrays_of.arrays(dtype, SHAPES, elements=st.integers(0, 5) if dtype.kind == "i" else None)
    )
    values = values[~np.isnat(values)] if dtype.kind == "M" else values
    assert np.array_equal(distinct(values), np.unique(values))
    assert distinct(values).dtype == values.dtype


def test_distinct_values_load_no_masked_arrays():
    code = "import sys, numpy as np; from tracker.units import distinct; distinct(np.arange(3));"
    done = subprocess.run([sys.executable, "-c", code + "sys.exit('numpy.ma' in sys.modules)"], check=False)
    assert done.returncode == 0
