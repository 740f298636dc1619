"""When the day begins and ends: by the flat horizon, and by the skyline where one is known.

The day begins when the sun stands clear of both by day_starts_deg, so that a sun that trembles on the edge
begins it once. It ends below the flat horizon at once, behind the skyline after hidden_for_s: heads go on
following the sun behind a chimney or a tooth of the ridge instead of lying down for it, and between two days
there is always that time. To follow a hidden sun is as safe as to follow a bright one.
"""

import numpy as np
from numpy.typing import ArrayLike

from tracker.decision.values import Inputs, Rules, SunWatch
from tracker.frames import azimuth_deg, elevation_deg
from tracker.plant import Horizon
from tracker.units import FloatArray


def sun_after(watch: SunWatch, inputs: Inputs, now_s: ArrayLike, rules: Rules) -> SunWatch:
    """What is known of the sun after this tick; until it has been seen it counts as long hidden."""
    sun_deg, horizon = elevation_deg(inputs.sun_enu), rules.horizon
    hidden = np.False_ if horizon is None else horizon.hides(azimuth_deg(inputs.sun_enu), sun_deg)
    seen_s = np.where(hidden, watch.seen_s, now_s)
    return SunWatch(
        up=clear_height_deg(inputs.sun_enu, horizon) > rules.day_starts_deg,
        down=(sun_deg < rules.day_ends_deg) | (hidden & (now_s - seen_s >= rules.hidden_for_s)),
        seen_s=seen_s,
    )


def clear_height_deg(sun_enu: FloatArray, horizon: Horizon | None) -> FloatArray:
    """How far the sun (..., 3) stands above the flat horizon and above the skyline, the smaller one."""
    sun_deg = elevation_deg(sun_enu)
    if horizon is None:
        return sun_deg
    return np.minimum(sun_deg, sun_deg - horizon.elevation_at_deg(azimuth_deg(sun_enu)))
