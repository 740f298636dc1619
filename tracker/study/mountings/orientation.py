"""Where a head looks through the year and what keeping it there costs: one value for every mounting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.pv import Shade
from tracker.units import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orientation:
    """Panel normals over T intervals, unit vectors, and a head's own consumption.

    Normals are (T, 3) where one head stands for all, (H, T, 3) where each goes its own way. normal_enu is
    what is really held: stow and night included. Where limits and postures are modelled, ideal_normal_enu is
    what was wanted and limited_normal_enu what travel and rate left of it; otherwise both are None. drive_wh
    (T,) is the energy of the moves in each interval, standby_w (T,) the power that is always drawn; both
    are means per head, nights included. off_rms_deg (T,) is how far beside normal_enu it looks, root mean
    square, because it is sent on only now and then; None where the drive is taken to follow all the time. The
    counts, of one head, are None where nothing moves, as is stowed (T,): in which intervals' middle wind
    keeps it flat. shade is what neighbours leave by daylight, heads or rows; None where nobody stands near.
    on_heads: cells are as warm as on a head that stands free, not as in rows and on fixed planes.
    """

    normal_enu: FloatArray
    drive_wh: FloatArray
    standby_w: FloatArray
    ideal_normal_enu: FloatArray | None = None
    limited_normal_enu: FloatArray | None = None
    tracking_h: float | None = None
    stowed_h: float | None = None
    moves: int | None = None
    stowed: BoolArray | None = None
    off_rms_deg: FloatArray | None = None
    shade: Shade | None = None
    on_heads: bool = False

    @property
    def driven(self) -> bool:
        """Whether real drives hold it, with their limits, errors and outages; else it is taken as ideal."""
        return self.limited_normal_enu is not None

    def consumption_wh(self, step_s: float) -> FloatArray:
        """Energy that the head takes for itself in each interval, (T,)."""
        return self.drive_wh + self.standby_w * (step_s / 3600.0)


def mean_of_heads(heads: Sequence[Orientation]) -> Orientation:
    """Heads that go their own ways as one orientation (H, T, 3); the first one's if there is but one."""
    if len(heads) == 1:
        return heads[0]
    return replace(
        heads[0],
        normal_enu=np.stack([head.normal_enu for head in heads]),
        ideal_normal_enu=_stacked([head.ideal_normal_enu for head in heads]),
        limited_normal_enu=_stacked([head.limited_normal_enu for head in heads]),
        drive_wh=np.mean([head.drive_wh for head in heads], axis=0),
    )


def _stacked(normals: Sequence[FloatArray | None]) -> FloatArray | None:
    known = [normal for normal in normals if normal is not None]
    return np.stack(known) if len(known) == len(normals) else None


def without_cost(normal_enu: FloatArray, intervals: int) -> Orientation:
    """An orientation that costs nothing to hold: normals (T, 3) or (H, T, 3), or (3,) for a fixed plane."""
    nothing = np.zeros(intervals)
    shape = np.broadcast_shapes(normal_enu.shape, (intervals, 3))
    return Orientation(normal_enu=np.broadcast_to(normal_enu, shape), drive_wh=nothing, standby_w=nothing)
