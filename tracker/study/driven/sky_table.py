"""What a field that knows GHI alone may expect of the sky: the yield's own light, for decisions."""

from typing import Final

import numpy as np

from tracker.aiming.diffuse import SkyTable
from tracker.decision.values import DiffuseRules
from tracker.plant import Plant
from tracker.pv.daylight import SOLAR_CONSTANT_W_M2
from tracker.pv.sky import Light, Sky, perez
from tracker.weather.splitting.erbs import erbs_fraction

ELEVATIONS_DEG: Final = np.linspace(3.0, 90.0, 30)
CLEARNESS: Final = np.linspace(0.0, 1.2, 61)  # beside a cloud there is more light than outside the air


def diffuse_rules(plant: Plant) -> DiffuseRules | None:
    """How the plant's heads lean for diffuse light; None where they do not."""
    return DiffuseRules(table=sky_table(plant.site.albedo)) if plant.diffuse == "lean" else None


def sky_table(albedo: float) -> SkyTable:
    """GHI divided by Erbs et al. (1982) and then by Perez et al. (1990), under a sun at its mean distance.

    Among even skies, Hay-Davies and Perez this is the best for the three years that were tried, whichever of
    the two last the truth is held to be: see docs/decisions/0027.
    """
    sun_deg, clearness = np.meshgrid(ELEVATIONS_DEG, CLEARNESS, indexing="ij")
    up, along = np.sin(np.radians(sun_deg)), np.cos(np.radians(sun_deg))
    ghi = clearness * SOLAR_CONSTANT_W_M2 * up
    dhi = erbs_fraction(clearness) * ghi
    beam = np.minimum((ghi - dhi) / up, SOLAR_CONSTANT_W_M2)
    outside = np.full_like(ghi, SOLAR_CONSTANT_W_M2)
    zenith_rad = np.radians(90.0 - sun_deg)
    diffuse = perez(
        Light(zenith_rad=zenith_rad, cos_zenith=up, dni_w_m2=beam, dhi_w_m2=dhi, extra_w_m2=outside)
    )
    sky = Sky(
        sun_enu=np.stack([np.zeros_like(up), along, up], axis=-1),
        beam_w_m2=beam,
        circumsolar_w_m2=diffuse.circumsolar_w_m2,
        dome_w_m2=diffuse.dome_w_m2,
        horizon_w_m2=diffuse.horizon_w_m2,
        ground_w_m2=albedo * ghi,
    )
    return SkyTable(
        elevation_deg=ELEVATIONS_DEG,
        clearness=CLEARNESS,
        level_w_m2=sky.level_w_m2,
        across_w_m2=sky.across_w_m2,
        outside_w_m2=SOLAR_CONSTANT_W_M2,
    )
