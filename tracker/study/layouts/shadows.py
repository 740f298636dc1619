"""Shadows on the ground through one day, seen from above."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tracker.array import enu_from_normal, petal_polygons, shaded_fraction
from tracker.errors import InvalidInput
from tracker.plant import Array, Head, Plant
from tracker.study.driven.sunflower import decided_orientation
from tracker.study.layouts.fields import ground_slope
from tracker.study.layouts.holding import facing_the_sun
from tracker.sun import sun_position
from tracker.units import BoolArray, FloatArray, UtcArray
from tracker.weather.series import Weather

LOWEST_DEG: Final = (
    3.0  # of the sun over the ground's plane; chosen: below, a shadow is 20 times as long as high
)
MOST_HEADS: Final = 400  # chosen: more cannot be told apart on paper
HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayShadows:
    """N full hours of a day, H heads, outlines of R corners as (east, north) in metres.

    heads_m, shadows_m (N, H, R, 2); shaded (N, H) is the share of each head in the others' shade.
    """

    local_hours: tuple[str, ...]
    sun_azimuth_deg: FloatArray
    sun_elevation_deg: FloatArray
    heads_m: FloatArray
    shadows_m: FloatArray
    shaded: FloatArray


def shadows_of_day(plant: Plant, day: date, *, avoid_shade: bool = False) -> DayShadows:
    """The full local hours of a calm day with the sun on the ground.

    Heads are as the decision code holds them, facing the sun or out of each other's shade. The ground is the
    plane that fits the feet best. Raises InvalidInput for a day without such an hour, and for more heads than
    can be seen.
    """
    array = plant.array
    if array.size > MOST_HEADS:
        raise InvalidInput(
            f"{array.size} heads are too many to be seen in a figure; give {MOST_HEADS} or fewer"
        )
    utc = _hours(day, plant.site.timezone)
    sun = sun_position(utc, plant.site)
    decide = decided_orientation if avoid_shade else facing_the_sun
    normal_enu = decide(plant, _calm(utc), sun).normal_enu
    slope = ground_slope(array.positions_enu_m)
    over_ground = sun.direction_enu @ np.array([-slope[0], -slope[1], 1.0]) / np.sqrt(1.0 + slope @ slope)
    lit = (over_ground > np.sin(np.radians(LOWEST_DEG))) & ~_hidden(
        plant, sun.azimuth_deg, sun.apparent_elevation_deg
    )
    if not lit.any():
        raise InvalidInput(
            f"on {day} the sun is not {LOWEST_DEG:g} deg above the ground, and over the skyline, at "
            "any full hour; choose another day"
        )
    sun_enu = sun.direction_enu[lit]
    alike = enu_from_normal(normal_enu[..., lit, :])  # (N, 3, 3), or (H, N, 3, 3) of their own
    turn = np.moveaxis(np.broadcast_to(alike, (array.size, len(sun_enu), 3, 3)), 0, 1)
    rims_m = _rims_m(array, turn)
    return DayShadows(
        local_hours=_labels(utc[lit], plant.site.timezone),
        sun_azimuth_deg=sun.azimuth_deg[lit],
        sun_elevation_deg=sun.apparent_elevation_deg[lit],
        heads_m=rims_m[..., :2],
        shadows_m=_on_ground_m(rims_m, sun_enu, slope, float(np.mean(array.positions_enu_m[:, 2]))),
        shaded=shaded_fraction(array, turn, sun_enu),
    )


def rim(head: Head) -> FloatArray:
    """The petals' outer corners in one outline (R, 3), clockwise seen from the front, in the head's frame."""
    corners_m = petal_polygons(head)[:, 3:0:-1].reshape(-1, 2)
    return np.column_stack([corners_m, np.zeros(len(corners_m))])


def _rims_m(array: Array, enu_from_head: FloatArray) -> FloatArray:
    """Outlines (N, H, R, 3), east, north and up."""
    pivots_m = array.positions_enu_m + np.array([0.0, 0.0, array.head.pivot_height_m])
    in_head_m = rim(array.head) + np.array(array.head.panel_offset_m)
    rims_m: FloatArray = pivots_m[:, np.newaxis] + np.einsum("nhij,rj->nhri", enu_from_head, in_head_m)
    return rims_m


def _on_ground_m(points_m: FloatArray, sun_enu: FloatArray, slope: FloatArray, level_m: float) -> FloatArray:
    """Where rays through points (N, H, R, 3) meet the ground, (N, H, R, 2)."""
    height_m = points_m[..., 2] - level_m - points_m[..., :2] @ slope
    falls: FloatArray = sun_enu[:, 2] - sun_enu[:, :2] @ slope
    along_m: FloatArray = height_m / falls[:, np.newaxis, np.newaxis]
    return np.asarray(points_m[..., :2] - along_m[..., np.newaxis] * sun_enu[:, np.newaxis, np.newaxis, :2])


def _hidden(plant: Plant, azimuth_deg: FloatArray, elevation_deg: FloatArray) -> BoolArray:
    if plant.horizon is None:
        return np.zeros(azimuth_deg.shape, dtype=np.bool_)
    return plant.horizon.hides(azimuth_deg, elevation_deg)


def _hours(day: date, timezone: str) -> UtcArray:
    """24 hours from local midnight on, UTC."""
    midnight = datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(midnight, "s") + np.arange(24).astype("timedelta64[h]")


def _labels(utc: UtcArray, timezone: str) -> tuple[str, ...]:
    epoch, zone = datetime(1970, 1, 1, tzinfo=UTC), ZoneInfo(timezone)
    seconds = utc.astype("datetime64[s]").astype(np.int64).tolist()
    return tuple(f"{(epoch + timedelta(seconds=one)).astimezone(zone):%H:%M}" for one in seconds)


def _calm(utc: UtcArray) -> Weather:
    """Hours without wind; their light does not matter here."""
    nothing = np.zeros(utc.size)
    return Weather(
        utc=utc,
        step_s=HOUR_S,
        ghi_w_m2=nothing,
        dni_w_m2=nothing,
        dhi_w_m2=nothing,
        temp_air_c=nothing,
        wind_speed_m_s=nothing,
        pressure_pa=nothing,
        source="calm",
        kind="synthetic year",
        latitude_deg=np.nan,
        longitude_deg=np.nan,
        altitude_m=0.0,
        utc_offset_h=0.0,
        filled_steps=0,
    )
