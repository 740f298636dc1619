"""What was seen: where heads were asked to point and where their panels really pointed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from tracker.frames import AxisPose, enu_from_azel
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray

# A camera's or digital sun sensor's sight of the sun's middle, 0.01-0.5 deg by datasheet; chosen.
DEFAULT_SIGMA_DEG = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sightings:
    """N sightings of the heads named; every array has shape (N,).

    head_index points into heads. The axis angles are those of the drive shafts (readback where there is
    one), the observed direction is that of the panel normal, sigma_deg its uncertainty along each of the
    two axes of the sky. Raises ValueError for unequal shapes and numbers that are not finite or in range.
    """

    heads: tuple[str, ...]
    head_index: IntArray
    utc: UtcArray
    axis_azimuth_deg: FloatArray
    axis_elevation_deg: FloatArray
    observed_azimuth_deg: FloatArray
    observed_elevation_deg: FloatArray
    sigma_deg: FloatArray

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            if getattr(self, name).shape != self.utc.shape or self.utc.ndim != 1:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}; give one value a sighting")
        for name in _NUMBERS:
            if not np.all(np.isfinite(getattr(self, name))):
                raise ValueError(f"{name} holds a number that is not finite; leave that sighting out")
        if np.any(np.abs(self.observed_elevation_deg) > 90.0):
            raise ValueError("observed_elevation_deg must lie in -90..90 deg; give degrees above the horizon")
        if np.any(self.sigma_deg <= 0.0):
            raise ValueError("sigma_deg must be over 0; give the sensor's uncertainty")
        if np.any((self.head_index < 0) | (self.head_index >= len(self.heads))):
            raise ValueError(f"head_index must lie in 0..{len(self.heads) - 1}")

    @classmethod
    def of(
        cls,
        *,
        heads: Sequence[str],
        utc: ArrayLike,
        pose: AxisPose,
        observed_azimuth_deg: ArrayLike,
        observed_elevation_deg: ArrayLike,
        sigma_deg: ArrayLike = DEFAULT_SIGMA_DEG,
    ) -> "Sightings":
        """One sighting per name in heads (names repeat); the other values broadcast to their number."""
        names = tuple(dict.fromkeys(heads))
        place = {name: index for index, name in enumerate(names)}
        shape = (len(heads),)
        return cls(
            heads=names,
            head_index=np.array([place[name] for name in heads], dtype=np.int64),
            utc=np.broadcast_to(np.asarray(utc, dtype="datetime64[us]"), shape),
            axis_azimuth_deg=_column(pose.azimuth_deg, shape),
            axis_elevation_deg=_column(pose.elevation_deg, shape),
            observed_azimuth_deg=_column(observed_azimuth_deg, shape),
            observed_elevation_deg=_column(observed_elevation_deg, shape),
            sigma_deg=_column(sigma_deg, shape),
        )

    @property
    def size(self) -> int:
        """How many sightings there are, of all heads together."""
        return int(self.utc.size)

    @property
    def pose(self) -> AxisPose:
        """Axis angles, shape (N,)."""
        return AxisPose(azimuth_deg=self.axis_azimuth_deg, elevation_deg=self.axis_elevation_deg)

    @property
    def observed_enu(self) -> FloatArray:
        """Observed panel normals, shape (N, 3)."""
        return enu_from_azel(self.observed_azimuth_deg, self.observed_elevation_deg)

    def where(self, chosen: BoolArray | IntArray) -> "Sightings":
        """The chosen sightings, by mask or by index; the head names stay as they are."""
        return Sightings(heads=self.heads, **{name: getattr(self, name)[chosen] for name in _ARRAYS})

    def of_head(self, name: str) -> "Sightings":
        """The sightings of one head; ValueError if there is no such head."""
        if name not in self.heads:
            raise ValueError(f"no sightings of head {name!r}; known are {', '.join(self.heads)}")
        return self.where(self.head_index == self.heads.index(name))


_ARRAYS = tuple(field.name for field in fields(Sightings) if field.name != "heads")
_NUMBERS = tuple(name for name in _ARRAYS if name.endswith("_deg"))


def _column(values: ArrayLike, shape: tuple[int]) -> FloatArray:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), shape)
