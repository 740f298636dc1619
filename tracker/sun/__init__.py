"""Where the sun is: pvlib's SPA once a day, turned exactly to every instant and place."""

from tracker.sun.events import SunDays, sun_days
from tracker.sun.observer import Places
from tracker.sun.position import SunAngles, SunPosition
from tracker.sun.rates import SunRates, sun_rates
from tracker.sun.sky import Sun, sun_position

__all__ = [
    "Places",
    "Sun",
    "SunAngles",
    "SunDays",
    "SunPosition",
    "SunRates",
    "sun_days",
    "sun_position",
    "sun_rates",
]
