"""The share of global light that is diffuse, by clearness alone."""

import numpy as np

from tracker.units import FloatArray


def erbs_fraction(clearness: FloatArray) -> FloatArray:
    """Diffuse over global by Erbs, Klein and Duffie (1982, Solar Energy 28, 293-302), as in pvlib."""
    kt = clearness
    middle = 0.9511 - 0.1604 * kt + 4.388 * kt**2 - 16.638 * kt**3 + 12.336 * kt**4
    return np.where(kt <= 0.22, 1.0 - 0.09 * kt, np.where(kt <= 0.8, middle, 0.165))
