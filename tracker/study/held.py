"""What a mounting really yields: pointed a little wrong, and out of order now and then."""

from dataclasses import fields
from typing import Final

import numpy as np

from tracker.plant import ComparisonPlan
from tracker.pv import PanelYield
from tracker.study.orientation import Orientation
from tracker.study.setting import Setting
from tracker.units import FloatArray

LEVEL: Final = np.array([0.0, 0.0, 1.0])


def held_yield(setting: Setting, orientation: Orientation) -> PanelYield:
    """One head's yield at the normals really held; driven ones with their errors and outages."""
    if not orientation.driven:
        return setting.yield_of(orientation.normal_enu, orientation.shade)
    plan = setting.plant.comparison
    seen = setting.yield_of(mean_normal(orientation.normal_enu, plan), orientation.shade)
    return seen if works(plan) == 1.0 else _mixed(seen, setting.yield_of(LEVEL), works(plan))


def open_poa(setting: Setting, orientation: Orientation, normal_enu: FloatArray) -> FloatArray:
    """Light (T,) under the open sky on these normals, of driven heads with their outages, W/m2."""
    poa = setting.open_poa(normal_enu)
    share = works(setting.plant.comparison)
    if not orientation.driven or share == 1.0:
        return poa
    return share * poa + (1.0 - share) * setting.open_poa(LEVEL)


def mean_normal(normal_enu: FloatArray, plan: ComparisonPlan) -> FloatArray:
    """The mean of normals that scatter around these by the plan's pointing error, any shape (..., 3).

    Light is linear in the normal while the sun is in front, so the mean normal, a little shorter than one,
    gives the mean light: cos(e) averages 1 - rms^2 / 2 to second order, whatever the direction of e.
    """
    return np.asarray(normal_enu * (1.0 - np.radians(plan.pointing_error_deg) ** 2 / 2.0))


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
