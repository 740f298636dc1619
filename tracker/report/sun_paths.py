"""What the figure of the sun's paths shows, as plain values."""

from dataclasses import dataclass

from tracker.units import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mark:
    """Words at a direction of the sky."""

    azimuth_deg: float
    elevation_deg: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """P lines of N directions each, toward the apparent sun; NaN where there is nothing to draw."""

    azimuth_deg: FloatArray
    elevation_deg: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """A mount over the sky: what it cannot face, (A, E) by azimuth and elevation; its keyhole's edge (A,)."""

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    unreachable: BoolArray
    keyhole_edge_deg: FloatArray
    azimuth_rate_deg_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShadedSky:
    """Edges of cells of the sky, (A + 1) by azimuth and (E + 1) by elevation, and the share shaded (A, E).

    share is that of the panels which a sun there leaves in the shade of neighbours and obstacles.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    share: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunPaths:
    """What the figure shows. skyline: one line or None; near_zenith: a path for each day that comes there."""

    title: str
    dates: Paths
    date_marks: tuple[Mark, ...]
    hours: Paths
    hour_marks: tuple[Mark, ...]
    skyline: Paths | None
    reach: Reach | None
    near_zenith: Paths | None
    zenith_radius_deg: float
    shaded: ShadedSky | None = None
