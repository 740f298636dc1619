"""The array as it was really built, for simulations: nobody but the simulated instruments may look.

Each head is misaligned as a careful crew leaves it: the azimuth zero by a few degrees (a compass beside
steel), the rest by tenths. Values are drawn from the seed, sizes are chosen.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration import PointingModel
from tracker.app.assemble import OpenSite
from tracker.frames import angle_between_deg, azimuth_deg, elevation_deg
from tracker.units import FloatArray

HIDDEN_SIGMA_DEG: Final = {"IA": 1.5, "IE": 0.6, "AN": 0.4, "AW": 0.4, "CA": 0.25, "NPAE": 0.15, "TF": 0.15}
SENSOR_SIGMA_DEG: Final = 0.05  # digital sun sensors reach 0.01 to 0.5 deg
SENSOR_FIELD_DEG: Final = 15.0  # half angle within which such a sensor sees the sun


def hidden_pointing(heads: int, seed: int) -> PointingModel:
    """How H simulated heads really point."""
    rng = np.random.default_rng(seed)
    drawn = {name: sigma * rng.standard_normal(heads) for name, sigma in HIDDEN_SIGMA_DEG.items()}
    return PointingModel.of(
        [{name: float(values[h]) for name, values in drawn.items()} for h in range(heads)]
    )


@dataclass
class SunSensors:
    """One simulated sun sensor on each head, fixed to the panel: it sees where the sun is from there."""

    site: OpenSite
    hidden: PointingModel
    seed: int

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)

    def true_normal_enu(self) -> FloatArray:
        """Where the panels really face now, (H, 3)."""
        return self.hidden.to_sky(self.site.true_pose())

    def observe(self, sun_enu: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Azimuth and elevation (H,) of the normals as measured; NaN where the sun is outside the sensor."""
        normal = self.true_normal_enu()
        seen = angle_between_deg(normal, sun_enu) <= SENSOR_FIELD_DEG
        noise = np.radians(SENSOR_SIGMA_DEG) * self._rng.standard_normal(normal.shape)
        noisy = np.where(seen[:, None], normal + noise, np.nan)
        return azimuth_deg(noisy), elevation_deg(noisy)
