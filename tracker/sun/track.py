"""The sun for a control loop: one direction at a time, without a call into pvlib each."""

from typing import Final

import numpy as np

from tracker.plant import Site
from tracker.sun.position import sun_position
from tracker.units import FloatArray

NODE_S: Final = 30  # the sun moves 0.13 deg between nodes: a chord is 4e-5 deg off its small circle at most
BLOCK_S: Final = 4 * 3600


class SunTrack:
    """Directions of the apparent sun at a site, interpolated between half-minute nodes of `sun_position`.

    Nodes are made in blocks of four hours when first asked for; one block is kept.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._block = -1
        self._nodes_enu: FloatArray = np.empty((0, 3))

    def direction_enu(self, utc: np.datetime64) -> FloatArray:
        """Unit vector (3,) toward the apparent sun at one UTC time."""
        second = float(utc.astype("datetime64[us]").astype(np.int64)) / 1e6
        block, within_s = divmod(second, BLOCK_S)
        if int(block) != self._block:
            self._block, self._nodes_enu = int(block), self._make(int(block))
        node, part = divmod(within_s / NODE_S, 1.0)
        before, after = self._nodes_enu[int(node)], self._nodes_enu[int(node) + 1]
        chord = before + part * (after - before)
        return np.asarray(chord / np.linalg.norm(chord))

    def _make(self, block: int) -> FloatArray:
        seconds = block * BLOCK_S + np.arange(0, BLOCK_S + NODE_S, NODE_S)
        return sun_position(seconds.astype("datetime64[s]"), self._site).direction_enu
