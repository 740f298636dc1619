"""Snow on the glass: how much of a panel it covers, and what a covered panel loses."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.units import BoolArray, FloatArray

COVERING_CM_H: Final = 1.0  # more than this in an hour covers the panel; SAM's default
GROUND_CM: Final = 1.0  # with less on the ground the panel is free; ibid.
SLIDES_ABOVE_W_M2_C: Final = -80.0  # light over this is the air temperature from which snow slides
SLIDES_AN_HOUR: Final = 0.197  # of the panel's length, times the sine of its tilt
CM_PER_INCH: Final = 2.54
INCH_PER_M: Final = 39.37
KELVIN: Final = 273.15
TOWNSEND_1, TOWNSEND_2 = 5.7e4, 0.51
LEAST_CLEARANCE_IN2: Final = 0.1  # below the lower edge, as pvlib has it from the model's author


def snow_cover(
    snowfall_cm: FloatArray,
    step_s: float,
    *,
    poa_w_m2: FloatArray,
    temp_air_c: FloatArray,
    tilt_deg: ArrayLike,
    depth_cm: FloatArray | None = None,
    at_first: float = 0.0,
) -> FloatArray:
    """Share (T,) of a panel's slant length under snow, which falls at once and slides off by and by.

    snowfall_cm falls in each interval; depth_cm lies on the ground at its start, and with less than 1 cm
    there the panel is free; tilt is a number or (T,). Marion et al. (2013, doi:10.1016/j.solener.2013.07.029)
    with the additions of Ryberg and Freeman (2017), NREL/TP-6A20-68705; validated for fixed tilts only.
    """
    hours = step_s / 3600.0
    covers = snowfall_cm / hours > COVERING_CM_H
    if depth_cm is not None:
        covers &= depth_cm >= GROUND_CM
    can_slide = (temp_air_c > poa_w_m2 / SLIDES_ABOVE_W_M2_C) & ~covers
    can_slide[0] = False
    slid = np.where(can_slide, SLIDES_AN_HOUR * np.sin(np.radians(tilt_deg)) * hours, 0.0)
    if depth_cm is not None:
        slid = np.where(depth_cm < GROUND_CM, 1.0, slid)
    return _left(covers, slid, at_first)


def covered_loss(cover: FloatArray, strings: int) -> FloatArray:
    """Share of power lost where so much of the length is covered, any shape: a string is whole or lost.

    strings lie side by side along the slant length: Gilman et al. (2018), NREL/TP-6A20-67399, eq. 11.8.
    """
    return np.ceil(cover * strings) / strings


def townsend_loss(
    snow_cm: FloatArray,
    events: FloatArray,
    *,
    tilt_deg: float,
    humidity_percent: FloatArray,
    temp_air_c: FloatArray,
    poa_wh_m2: FloatArray,
    slant_m: float,
    lower_edge_m: float,
    string_factor: float = 1.0,
    repose_deg: float = 40.0,
) -> FloatArray:
    """Share of the energy lost (12,) in each month, from the month's means and sums.

    events are days with more than an inch. Townsend and Powers (2011, doi:10.1109/PVSC.2011.6186627),
    eq. 1 to 3; for trackers they suggest the steepest tilt, and half the table's width for slant_m.
    """
    lying_in = _effective_in(snow_cm / CM_PER_INCH, events)
    weighted_in = np.roll(lying_in, 1) / 3.0 + lying_in * 2.0 / 3.0
    level = np.cos(np.radians(tilt_deg))
    clear_in2 = np.maximum((lower_edge_m * INCH_PER_M) ** 2 - weighted_in**2, LEAST_CLEARANCE_IN2)
    piled_in2 = slant_m * INCH_PER_M * weighted_in * level
    ground = 1.0 - TOWNSEND_2 * np.exp(-piled_in2 / clear_in2 * 2.0 * np.tan(np.radians(repose_deg)))
    weather = humidity_percent / 100.0 / (temp_air_c + KELVIN) ** 2 / (poa_wh_m2 / 1000.0) ** 0.67
    loss = TOWNSEND_1 * weighted_in * level**2 * ground * weather * string_factor
    return np.asarray(np.clip(loss, 0.0, 1.0))


def _left(covers: BoolArray, slid: FloatArray, at_first: float) -> FloatArray:
    """Cover after each interval: whole at a fall, then less by what slid since."""
    numbers = np.arange(covers.size)
    last = np.maximum.accumulate(np.where(covers, numbers, -1))
    ever = last >= 0
    all_slid = np.cumsum(slid)
    return np.maximum(np.where(ever, 1.0, at_first) - (all_slid - np.where(ever, all_slid[last], 0.0)), 0.0)


def _effective_in(snow_in: FloatArray, events: FloatArray) -> FloatArray:
    return np.where(events > 0.0, 0.5 * snow_in * (1.0 + 1.0 / np.maximum(events, 1.0)), 0.0)
