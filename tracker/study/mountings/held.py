"""What a mounting really yields: pointed a little wrong, and out of order now and then."""

from dataclasses import fields
from typing import Final

import numpy as np

from tracker.plant import ComparisonPlan
from tracker.pv import PanelYield
from tracker.study.mountings.orientation import Orientation
from tracker.study.setting import Setting
from tracker.units import FloatArray

LEVEL: Final = np.array([0.0, 0.0, 1.0])


def held_yield(setting: Setting, orientation: Orientation) -> PanelYield:
    """One head's yield at the normals really held; driven ones with their errors and outages."""
    on_heads = orientation.on_heads
    if not orientation.driven:
        return setting.yield_of(orientation.normal_enu, orientation.shade, on_heads=on_heads)
    plan = setting.plant.comparison
    normal_enu = mean_normal(orientation.normal_enu, pointing_rms_deg(orientation, plan))
    seen = setting.yield_of(normal_enu, orientation.shade, on_heads=on_heads)
    if works(plan) == 1.0:
        return seen
    return _mixed(seen, setting.yield_of(LEVEL, on_heads=on_heads), works(plan))


def open_poa(setting: Setting, orientation: Orientation, normal_enu: FloatArray) -> FloatArray:
    """Light (D,) under the open sky on these normals, of driven heads with their outages, W/m2."""
    poa = setting.open_poa(normal_enu)
    share = works(setting.plant.comparison)
    if not orientation.driven or share == 1.0:
        return poa
    return share * poa + (1.0 - share) * setting.open_poa(LEVEL)


def pointing_rms_deg(orientation: Orientation, plan: ComparisonPlan) -> float | FloatArray:
    """How far beside its normals a driven head really looks, root mean square: one value, or (T,).

    The plan's pointing error and what the dead band leaves know nothing of each other: squares add.
    """
    if orientation.off_rms_deg is None:
        return plan.pointing_error_deg
    return np.hypot(plan.pointing_error_deg, orientation.off_rms_deg)


def mean_normal(normal_enu: FloatArray, off_deg: float | FloatArray) -> FloatArray:
    """The mean of normals (..., T, 3) that scatter around these by off_deg, root mean square, one or (T,).

    Light is linear in the normal while the sun is in front, so the mean normal, a little shorter than one,
    gives the mean light: cos(e) averages 1 - rms^2 / 2 to second order, whatever the direction of e.
    """
    shorter = 1.0 - np.radians(off_deg) ** 2 / 2.0
    return np.asarray(normal_enu * np.expand_dims(shorter, -1))


def works(plan: ComparisonPlan) -> float:
    """The share of time in which the drive works; else the head lies level, as it stows."""
    return plan.availability_percent / 100.0


def _mixed(one: PanelYield, other: PanelYield, share: float) -> PanelYield:
    return PanelYield(
        **{
            part.name: share * getattr(one, part.name) + (1.0 - share) * getattr(other, part.name)
            for part in fields(PanelYield)
        }
    )
