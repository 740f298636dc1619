"""Places among the even nodes of a table, for what is looked up between them."""

import numpy as np

from tracker.units import FloatArray, IntArray


def cell(nodes: FloatArray, at: FloatArray) -> tuple[IntArray, FloatArray]:
    """The even node below each place, any shape, and how far it is on the way to the next; ends are kept."""
    place = np.clip((at - nodes[0]) / (nodes[1] - nodes[0]), 0.0, len(nodes) - 1.0)
    low = np.minimum(place.astype(np.int64), len(nodes) - 2)
    return low, place - low
