"""Coefficients of the Perez sky: data only.

Perez, Ineichen, Seals, Michalsky and Stewart, "Modeling daylight availability and irradiance components
from direct and global irradiance", Solar Energy 44 (1990) 271-289: Table 1 (bins of sky clearness) and
Table 6 (irradiance; three columns each of F1, circumsolar, and F2, horizon, for 1, brightness and zenith
in radians). One row a bin, from overcast to clear.
"""

from typing import Final

import numpy as np

from tracker.units import FloatArray

BIN_EDGES: Final[FloatArray] = np.array([1.065, 1.230, 1.500, 1.950, 2.800, 4.500, 6.200])

F1_COEFFICIENTS: Final[FloatArray] = np.array(
    [
        [-0.008, 0.588, -0.062],
        [0.130, 0.683, -0.151],
        [0.330, 0.487, -0.221],
        [0.568, 0.187, -0.295],
        [0.873, -0.392, -0.362],
        [1.132, -1.237, -0.412],
        [1.060, -1.600, -0.359],
        [0.678, -0.327, -0.250],
    ]
)

F2_COEFFICIENTS: Final[FloatArray] = np.array(
    [
        [-0.060, 0.072, -0.022],
        [-0.019, 0.066, -0.029],
        [0.055, -0.064, -0.026],
        [0.109, -0.152, -0.014],
        [0.226, -0.462, 0.001],
        [0.288, -0.823, 0.056],
        [0.264, -1.127, 0.131],
        [0.156, -1.377, 0.251],
    ]
)
