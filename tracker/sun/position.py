"""What is known of the sun's place, as values."""

from dataclasses import dataclass

from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunAngles:
    """The sun's topocentric direction without refraction; azimuth in [0, 360)."""

    azimuth_deg: FloatArray
    elevation_deg: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunPosition:
    """The sun's topocentric position, every array of the same shape S.

    azimuth_deg in [0, 360); elevation_deg without refraction; apparent_elevation_deg with it;
    direction_enu S + (3,) is the unit vector toward the *apparent* sun, where its light comes from.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    apparent_elevation_deg: FloatArray
    direction_enu: FloatArray
