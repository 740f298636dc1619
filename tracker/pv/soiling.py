"""Dirt on the glass from rain and dust: what it takes, interval by interval."""

import math
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from tracker.units import BoolArray, FloatArray, IntArray

DAY_S: Final = 86400.0
HOUR_S: Final = 3600.0
FINE_M_S: Final = 0.0009  # settling velocity of particles up to 2.5 um, Coello and Boyle (2019)
COARSE_M_S: Final = 0.004  # up to 10 um, ibid.
HSU_DEEPEST: Final = 0.3437
HSU_SCALE: Final = 0.17
HSU_POWER: Final = 0.8473


def kimber_loss(
    rain_mm: FloatArray,
    step_s: float,
    *,
    cleaning_mm: float = 6.0,
    loss_a_day: float = 0.0015,
    grace_days: float = 14.0,
    most: float = 0.3,
    washed: BoolArray | None = None,
    at_first: float = 0.0,
) -> FloatArray:
    """Share of the energy lost (T,) to dirt that grows day by day until rain or a wash takes it off.

    rain_mm (T,) falls in each interval; more than cleaning_mm in 24 hours cleans, and for grace_days after
    it the ground is too damp for dust. washed (T,) says when somebody cleans. Kimber et al. (2006,
    doi:10.1109/WCPEC.2006.279690): 0.0010 a day in rural northern California, 0.0030 in the desert.
    """
    grown = np.full(rain_mm.size, loss_a_day * step_s / DAY_S)
    grown[0] = at_first
    grown = np.cumsum(grown)
    damp = _lately(_fallen(rain_mm, DAY_S, step_s) > cleaning_mm, grace_days * DAY_S, step_s)
    clean = damp if washed is None else damp | washed
    return np.minimum(grown - _at_last(grown, clean), most)


def hsu_loss(
    rain_mm: FloatArray,
    step_s: float,
    *,
    cleaning_mm: float,
    tilt_deg: ArrayLike,
    pm2_5_g_m3: ArrayLike,
    pm10_g_m3: ArrayLike,
    rain_period_s: float = HOUR_S,
) -> FloatArray:
    """Share of the energy lost (T,) to dust that settles from the air until rain cleans; at most 0.34.

    Tilt and dust are numbers or (T,): a head that lies flat at night collects what a fixed plane does not.
    Coello and Boyle (2019, doi:10.1109/JPHOTOV.2019.2919628), with settling velocities.
    """
    coarse = np.maximum(np.subtract(pm10_g_m3, pm2_5_g_m3), 0.0)
    settling_g_m2_s = np.multiply(pm2_5_g_m3, FINE_M_S) + coarse * COARSE_M_S
    settled = np.broadcast_to(settling_g_m2_s * np.cos(np.radians(tilt_deg)) * step_s, rain_mm.shape)
    lying = np.cumsum(settled)
    cleaned = _fallen(rain_mm, rain_period_s, step_s) >= cleaning_mm
    g_m2 = lying - _at_last(lying, cleaned)
    return np.asarray(HSU_DEEPEST * _erf(HSU_SCALE * g_m2**HSU_POWER))


def _fallen(rain_mm: FloatArray, period_s: float, step_s: float) -> FloatArray:
    """Rain of the period that ends with each interval."""
    steps = math.ceil(period_s / step_s)
    before = np.concatenate([np.zeros(steps - 1), rain_mm])
    return np.asarray(sliding_window_view(before, steps).sum(axis=-1))


def _lately(happened: BoolArray, period_s: float, step_s: float) -> BoolArray:
    """Whether something happened in the period that ends with each interval."""
    steps = math.ceil(period_s / step_s)
    last = np.maximum.accumulate(np.where(happened, _numbers(happened), -steps))
    return _numbers(happened) - last < steps


def _at_last(grown: FloatArray, clean: BoolArray) -> FloatArray:
    """What had grown up to the latest cleaning; nothing before the first."""
    last = np.maximum.accumulate(np.where(clean, _numbers(clean), -1))
    return np.where(last < 0, 0.0, grown[last])


def _numbers(of: BoolArray) -> IntArray:
    return np.arange(of.size, dtype=np.int64)


def _erf(x: FloatArray) -> FloatArray:
    return np.asarray(np.vectorize(math.erf, otypes=[np.float64])(x))
