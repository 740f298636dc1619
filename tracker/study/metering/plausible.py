"""What no meter of a plant can have counted: wrong units, signs and clocks are refused, never judged."""

from typing import Final

import numpy as np

from tracker.errors import InvalidInput
from tracker.plant import Site
from tracker.study.metering.metered import Metered
from tracker.sun import sun_position

MOST_BY_NIGHT: Final = (
    0.05  # chosen: of the energy; a clock an hour wrong has less, seven hours wrong a third
)
LEAST_OF_LIGHT: Final = 0.01  # chosen: of the model's; kW/m2 for W/m2 makes a tenth of this
SUN_DEG_PER_H: Final = 15.0  # the most that its elevation changes by


def demand_by_day(metered: Metered, site: Site) -> None:
    """Raises InvalidInput where too much energy was metered in intervals in which the sun is never up.

    It is never up where it stands lower at the middle than it can climb in half of the interval.
    """
    half = (metered.end_utc - metered.start_utc) / 2
    climb_deg = SUN_DEG_PER_H * (half / np.timedelta64(1, "ms") / 3.6e6)
    made_kwh = np.clip(np.nan_to_num(metered.energy_kwh), 0.0, None)
    night = sun_position(metered.start_utc + half, site).elevation_deg < -climb_deg
    by_night_kwh = float(np.sum(made_kwh[night]))
    total_kwh = float(np.sum(made_kwh))
    if by_night_kwh <= MOST_BY_NIGHT * total_kwh:
        return
    raise InvalidInput(
        f"{metered.source}: {100.0 * by_night_kwh / total_kwh:.0f} % of its energy is metered "
        f"while the sun is below the horizon at {site.name}, at most {100.0 * MOST_BY_NIGHT:g} % are "
        "credible: the zone of its stamps or their interval_label is wrong, or the site's longitude; mend it"
    )


def demand_energy(source: str, measured_kwh: float, poa_kwh_m2: float) -> None:
    """Raises InvalidInput for no energy in all, where the model has light on the plane."""
    if measured_kwh > 0.0 or poa_kwh_m2 <= 0.0:
        return
    raise InvalidInput(
        f"{source}: {measured_kwh:,.5g} kWh are metered in all where the model has {poa_kwh_m2:,.4g} kWh/m2 "
        "of light, and only more than 0 kWh can be compared: give what the plant produced, with sign +"
    )


def demand_light(source: str, measured_kwh_m2: float, modelled_kwh_m2: float) -> None:
    """Raises InvalidInput for next to no measured light in the plane where the model has light."""
    if measured_kwh_m2 >= LEAST_OF_LIGHT * modelled_kwh_m2:
        return
    raise InvalidInput(
        f"{source}: the light measured in the plane is {measured_kwh_m2:.3g} kWh/m2 in all, the model's "
        f"{modelled_kwh_m2:,.4g} kWh/m2, and less than {LEAST_OF_LIGHT:g} of it is not credible: its unit "
        "may be kW/m2; give poa_global in W/m2, or leave the column out"
    )
