"""Where the sun is: pvlib's SPA, as directions that light comes from."""

from tracker.sun.position import SunPosition, sun_position

__all__ = ["SunPosition", "sun_position"]
