"""What partial shade costs electrically: in a string the petals carry one current, or are bypassed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.plant import Panels
from tracker.units import BoolArray, FloatArray

CELL_V: Final = 0.55  # of a crystalline cell at its maximum power point
DIODE_V: Final = 0.5  # across a conducting Schottky bypass diode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShadedStrings:
    """Heads with shaded petals, their groups in order of current: ready for any share of the light.

    touched (...) says which heads have a shaded petal, N of them. For each string worth (n) is what a group
    adds to the power when it is the k-th used, over that of even light, and dimmed (n, N) what it adds less
    for what its least lit cell misses of the beam.
    """

    touched: BoolArray
    worth: tuple[FloatArray, ...]
    dimmed: tuple[FloatArray, ...]

    def usable_share(self, sun_share: FloatArray) -> FloatArray:
        """As `usable_share` says, of sun_share (...) of the shape of touched."""
        share = sun_share[self.touched]
        even = self._even_light(share) - (1.0 - share)
        used = np.divide(even, share, out=np.ones_like(share), where=share > 0.0)
        usable = np.ones(self.touched.shape)
        usable[self.touched] = np.maximum(used, 0.0)
        return usable

    def _even_light(self, share: FloatArray) -> FloatArray:
        """The even light (N,) under which a head would give the power that it gives."""
        power, with_group = np.zeros_like(share), np.empty_like(share)
        for worth, dimmed in zip(self.worth, self.dimmed, strict=True):
            best = np.zeros_like(share)
            for one, less in zip(worth, dimmed, strict=True):
                np.multiply(share, less, out=with_group)
                np.subtract(one, with_group, out=with_group)
                np.maximum(best, with_group, out=best)
            power += best
        return power


def usable_share(shaded: FloatArray, sun_share: FloatArray, panels: Panels) -> FloatArray:
    """Share (...) of the light from the sun's place that a head with shaded petals (..., P) makes use of.

    sun_share (...), 0 to 1, is how much of the light on an unshaded panel comes from there; the rest reaches
    every petal alike. The result lies between 0 and the share of the area that is lit. It is what even light
    would have to be left for the same power, so no link behind it need know of petals.

    A petal's cells hang in series on `bypass_per_petal` diodes; the shadow takes the groups one by one, and
    a group carries what its least lit cell lets through: with c cells, 1 - sqrt(c) f where a share f of it
    is shaded, at least 0, as if a straight edge crossed the rows of a square group. Of a string's groups
    the best number k is used at the k-th largest current, the others are bypassed at the cost of a diode's
    drop; every string has its own maximum power point.
    Current in proportion to light, voltage constant: cells in series with bypass diodes (Quaschning and
    Hanitsch 1996, Solar Energy 56:513-520) with a square characteristic. That a shaded cell takes its whole
    group with it is also the rule of Martinez-Moreno, Munoz and Lorenzo (2010, Solar Energy Materials and
    Solar Cells 94:2298-2303).
    """
    return shaded_strings(shaded, panels).usable_share(sun_share)


def shaded_strings(shaded: FloatArray, panels: Panels) -> ShadedStrings:
    """What of `usable_share` depends on the shadows (..., P) alone."""
    touched = np.any(shaded > 0.0, axis=-1)
    lit = _least_lit(shaded[touched], panels)
    heads, petals, groups = lit.shape
    drop = DIODE_V / (CELL_V * panels.cells_per_petal / groups)
    worths, products = [], []
    for string in panels.strings or (tuple(range(1, petals + 1)),):
        of_string = lit[:, [number - 1 for number in string]].reshape(heads, len(string) * groups)
        in_order = np.ascontiguousarray(np.sort(of_string, axis=1)[:, ::-1].T)
        used = np.arange(1, len(in_order) + 1)
        worth = (used - drop * (len(in_order) - used)) / (petals * groups)
        worths.append(worth)
        products.append(worth[:, np.newaxis] * (1.0 - in_order))
    return ShadedStrings(touched=touched, worth=tuple(worths), dimmed=tuple(products))


def _least_lit(shaded: FloatArray, panels: Panels) -> FloatArray:
    """How much of the beam the least lit cell of each group sees, (N, P, groups of a petal)."""
    groups = panels.bypass_per_petal
    of_group = np.clip(shaded[..., np.newaxis] * groups - np.arange(groups), 0.0, 1.0)
    rows = np.sqrt(panels.cells_per_petal / groups)
    return np.asarray(np.maximum(1.0 - of_group * rows, 0.0))
