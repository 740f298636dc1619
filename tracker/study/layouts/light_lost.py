"""What neighbours take of the light on the panels, by area and summed over a series."""

from dataclasses import dataclass

import numpy as np

from tracker.pv import Shade
from tracker.pv.irradiance import PlaneIrradiance
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LightLost:
    """Percent of the beam, and percent of all other light, that does not reach the panels."""

    beam_percent: float = 0.0
    diffuse_percent: float = 0.0


def light_lost(plane: PlaneIrradiance, shade: Shade) -> LightLost:
    """Sums over light (D,), or (H, D) on heads that go their own ways.

    Circumsolar light counts as diffuse and is shaded with the beam: it comes from the same place.
    """
    shaded = np.mean(shade.petals, axis=2).T  # (G, D); petals are equal in area
    diffuse = plane.circumsolar_w_m2 + plane.dome_w_m2 + plane.ground_w_m2
    diffuse_lost = (
        plane.circumsolar_w_m2 * shaded
        + plane.dome_w_m2 * (1.0 - shade.sky)
        + plane.ground_w_m2 * (1.0 - shade.ground)
    )
    return LightLost(
        beam_percent=_percent(plane.beam_w_m2 * shaded, plane.beam_w_m2),
        diffuse_percent=_percent(diffuse_lost, diffuse),
    )


def _percent(part: FloatArray, whole: FloatArray) -> float:
    """Of means, which are the same whether or not heads have an axis of their own."""
    mean = float(np.mean(whole))
    return 100.0 * float(np.mean(part)) / mean if mean > 0.0 else 0.0
