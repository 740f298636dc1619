"""Where the sun is: pvlib's SPA once a day, turned exactly to every instant and place."""

from tracker.sun.observer import Places
from tracker.sun.position import SunAngles, SunPosition
from tracker.sun.sky import Sun, sun_position

__all__ = ["Places", "Sun", "SunAngles", "SunPosition", "sun_position"]
