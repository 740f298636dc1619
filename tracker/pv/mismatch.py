"""What partial shade costs electrically: in a string the petals carry one current, or are bypassed."""

from typing import Final

import numpy as np

from tracker.plant import Panels
from tracker.units import FloatArray

CELL_V: Final = 0.55  # of a crystalline cell at its maximum power point
DIODE_V: Final = 0.5  # across a conducting Schottky bypass diode


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
    usable = np.ones(sun_share.shape)
    touched = np.any(shaded > 0.0, axis=-1) & (sun_share > 0.0)
    share = sun_share[touched]
    if share.size:
        lit = _least_lit(shaded[touched], panels)
        light = (1.0 - share)[:, np.newaxis, np.newaxis] + share[:, np.newaxis, np.newaxis] * lit
        usable[touched] = np.maximum((_of_even_light(light, panels) - (1.0 - share)) / share, 0.0)
    return usable


def _least_lit(shaded: FloatArray, panels: Panels) -> FloatArray:
    """How much of the beam the least lit cell of each group sees, (N, P, groups of a petal)."""
    groups = panels.bypass_per_petal
    of_group = np.clip(shaded[..., np.newaxis] * groups - np.arange(groups), 0.0, 1.0)
    rows = np.sqrt(panels.cells_per_petal / groups)
    return np.asarray(np.maximum(1.0 - of_group * rows, 0.0))


def _of_even_light(light: FloatArray, panels: Panels) -> FloatArray:
    """The even light (N,) under which the head would give the power it gives under light (N, P, groups)."""
    petals, groups = light.shape[1:]
    strings = panels.strings or (tuple(range(1, petals + 1)),)
    drop = DIODE_V / (CELL_V * panels.cells_per_petal / groups)
    power = np.zeros(len(light))
    for string in strings:
        current = np.sort(light[:, [number - 1 for number in string]].reshape(len(light), -1), axis=1)[
            :, ::-1
        ]
        used = np.arange(1, current.shape[1] + 1)
        power += np.max(current * (used - drop * (current.shape[1] - used)), axis=1)
    return np.asarray(power / (petals * groups))
