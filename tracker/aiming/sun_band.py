"""The band of sky that the sun keeps to, by declination and hour angle: every node of it is a place to be."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.frames import elevation_deg
from tracker.units import BoolArray, FloatArray

BAND_DEG: Final = 24.0  # the sun's declination stays within
LOWEST_SUN_DEG: Final = 3.0  # below there is no light worth a search, and every head's shadow on all
GAUSS: Final = 0.5 / np.sqrt(3.0)  # of a patch: where four places have the mean of any cubic
CORNERS: Final = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def sun_on_band_deg(sun_enu: FloatArray, latitude_deg: float) -> tuple[FloatArray, FloatArray]:
    """Declination and hour angle, afternoon positive, of directions (..., 3) seen from a latitude."""
    latitude_rad = np.radians(latitude_deg)
    east, north, up = np.moveaxis(sun_enu, -1, 0)
    to_pole = north * np.cos(latitude_rad) + up * np.sin(latitude_rad)
    to_meridian = up * np.cos(latitude_rad) - north * np.sin(latitude_rad)
    return np.degrees(np.arcsin(np.clip(to_pole, -1.0, 1.0))), np.degrees(np.arctan2(-east, to_meridian))


def sun_of_band(declination_deg: FloatArray, hour_deg: FloatArray, latitude_deg: float) -> FloatArray:
    """The directions (..., 3) of declinations and hour angles of one shape: the way back."""
    declination, hour, latitude = (np.radians(a) for a in (declination_deg, hour_deg, latitude_deg))
    to_pole, to_meridian = np.sin(declination), np.cos(declination) * np.cos(hour)
    return np.stack(
        [
            -np.cos(declination) * np.sin(hour),
            to_pole * np.cos(latitude) - to_meridian * np.sin(latitude),
            to_pole * np.sin(latitude) + to_meridian * np.cos(latitude),
        ],
        axis=-1,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BandNodes:
    """Declinations (D,) by hour angles (W,), and at which of them (D, W) the sun is up: N places."""

    latitude_deg: float
    step_deg: float
    declination_deg: FloatArray
    hour_deg: FloatArray
    day: BoolArray

    @staticmethod
    def every(step_deg: float, latitude_deg: float, band_deg: float = BAND_DEG) -> "BandNodes":
        """Nodes that far apart over all that the sun reaches at a latitude, so far from the equator."""
        declination = _even_steps(band_deg, step_deg)
        hour = _even_steps(_longest_half_day_deg(latitude_deg), step_deg)
        sun = sun_of_band(*np.meshgrid(declination, hour, indexing="ij"), latitude_deg)
        return BandNodes(
            latitude_deg=latitude_deg,
            step_deg=step_deg,
            declination_deg=declination,
            hour_deg=hour,
            day=elevation_deg(sun) > LOWEST_SUN_DEG,
        )

    def patches(self, off: FloatArray = GAUSS * CORNERS) -> FloatArray:
        """Suns (N, M, 3) around each place, off (M, 2) by parts of a step.

        By default those four whose mean is that of the node's patch of sky.
        """
        i, j = np.nonzero(self.day)
        off = off * self.step_deg
        declination = self.declination_deg[i, np.newaxis] + off[:, 0]
        return sun_of_band(declination, self.hour_deg[j, np.newaxis] + off[:, 1], self.latitude_deg)

    def spread(self, values: FloatArray) -> FloatArray:
        """Values (N, ...) at their nodes (D, W, ...), 0 at night."""
        whole = np.zeros((*self.day.shape, *values.shape[1:]))
        whole[self.day] = values
        return whole


def _even_steps(reach_deg: float, step_deg: float) -> FloatArray:
    most = int(np.ceil(reach_deg / step_deg))
    return np.asarray(step_deg * np.arange(-most, most + 1))


def _longest_half_day_deg(latitude_deg: float) -> float:
    """The hour angle of the latest sunset of the year."""
    cosine = -np.tan(np.radians(abs(latitude_deg))) * np.tan(np.radians(BAND_DEG))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
