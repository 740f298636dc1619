"""The sunflower as it would really be driven: the field's decision code over a year of weather."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.aiming.facing import AsDrawn
from tracker.aiming.limits import reach
from tracker.decision.day import clear_height_deg
from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Inputs, MachineState, Order, Rules
from tracker.frames import AxisPose
from tracker.plant import Limits, Plant
from tracker.study.ideal_head import GOES, IdealHead
from tracker.study.orientation import Orientation
from tracker.sun import SunPosition, sun_position
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather

CONTROL_STEP_S: Final = 600.0  # chosen: resolves the release timer; the field's ticks differ by 0.1 deg
WIND_REFERENCE_M: Final = 10.0  # the height of the wind in weather files, by the convention of the WMO
WIND_EXPONENT: Final = 1.0 / 7.0  # power law over open ground, Justus and Mikhail (1976)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Grid:
    """K control steps: their times, the interval each belongs to, and which one is its centre."""

    utc: UtcArray
    step_s: float
    interval: IntArray
    centre: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Decided:
    """What came of the K control steps for one head: pose, state, motor seconds until the next, orders."""

    pose: AxisPose
    state: IntArray
    motor_s: FloatArray
    orders: IntArray


def decided_orientation(plant: Plant, weather: Weather, sun: SunPosition) -> Orientation:
    """How `decision.machine` would hold one head, which stands for all: they see the same sun and wind.

    Control runs in steps of ten minutes or the weather's own, if that is shorter; the orientation is taken
    at the centre of each interval, like everybody's. Drives are as drawn, links never fail. Hourly wind
    becomes gusts by the gust factor and a power law of height; unknown wind counts as calm.
    """
    grid = _control_grid(weather)
    decided = _decide(plant, grid, _gusts_m_s(plant, weather)[grid.interval])
    centre = grid.centre
    pose = AxisPose(
        azimuth_deg=decided.pose.azimuth_deg[centre], elevation_deg=decided.pose.elevation_deg[centre]
    )
    normal = AsDrawn().to_sky(pose)
    tracking = decided.state == State.TRACKING
    hours = grid.step_s / 3600.0
    power_wh = decided.motor_s * plant.array.mount.drive_power_w / 3600.0
    return Orientation(
        normal_enu=normal,
        drive_wh=power_wh.reshape(weather.utc.size, -1).sum(axis=1),
        standby_w=np.full(weather.utc.size, plant.array.mount.standby_power_w),
        ideal_normal_enu=sun.direction_enu,
        limited_normal_enu=np.where(
            tracking[centre, None], normal, _inside_travel(sun, plant.array.mount.limits)
        ),
        tracking_h=float(np.sum(tracking) * hours),
        stowed_h=float(np.sum(np.isin(decided.state, (State.STOWING, State.STOWED))) * hours),
        moves=int(np.sum(np.isin(decided.orders, GOES))),
    )


def _control_grid(weather: Weather) -> _Grid:
    parts = max(1, round(weather.step_s / CONTROL_STEP_S))
    part_ms = round(weather.step_s * 1000.0 / parts)
    offsets = (np.arange(parts) - parts // 2) * part_ms
    centres_ms = weather.utc.astype("datetime64[ms]").astype(np.int64)
    return _Grid(
        utc=(centres_ms[:, None] + offsets).ravel().astype("datetime64[ms]"),
        step_s=part_ms / 1000.0,
        interval=np.repeat(np.arange(weather.utc.size), parts),
        centre=np.tile(offsets == 0, weather.utc.size),
    )


def _gusts_m_s(plant: Plant, weather: Weather) -> FloatArray:
    factor = plant.safety.gust_factor * (plant.wind.height_m / WIND_REFERENCE_M) ** WIND_EXPONENT
    return np.where(np.isnan(weather.wind_speed_m_s), 0.0, weather.wind_speed_m_s * factor)


def _inside_travel(sun: SunPosition, limits: Limits) -> FloatArray:
    wanted = AsDrawn().to_axis(sun.direction_enu)
    middle_deg = np.full_like(wanted.azimuth_deg, 0.5 * sum(limits.azimuth_range_deg))
    here = AxisPose(azimuth_deg=middle_deg, elevation_deg=wanted.elevation_deg)
    return AsDrawn().to_sky(reach(wanted, here, limits))


def _decide(plant: Plant, grid: _Grid, gust_m_s: FloatArray) -> _Decided:
    """Step the machine over the grid. A night at rest is passed over: nothing can happen in it but wind."""
    sun_enu = sun_position(grid.utc, plant.site).direction_enu
    rules = Rules(
        limits=plant.array.mount.limits, safety=plant.safety, pointing=AsDrawn(), horizon=plant.horizon
    )
    sun_wakes = clear_height_deg(sun_enu, plant.horizon) > rules.day_starts_deg
    awake = sun_wakes | (gust_m_s >= plant.safety.stow_gust_m_s)
    steps = grid.utc.size
    pose_deg, state = np.empty((steps, 2)), np.empty(steps, dtype=np.int64)
    motor_s, orders = np.zeros(steps), np.zeros(steps, dtype=np.int64)
    head, machine, resting = IdealHead(rules.limits), MachineState.initial(1), False
    for k in range(steps):
        pose_deg[k] = head.pose_deg
        if awake[k] or not resting:
            inputs = Inputs(
                sun_enu=sun_enu[k],
                aim_enu=sun_enu[min(k + 1, steps - 1)],  # to be there with the sun, a step from now
                gust_m_s=float(gust_m_s[k]),
                wind_age_s=0.0,
                heads=head.readings(),
            )
            machine, decision = step(machine, inputs, k * grid.step_s, rules)
            orders[k] = decision.orders[0]
            motor_s[k] = head.obey(decision, grid.step_s)
            resting = bool(decision.states[0] == State.NIGHT and orders[k] == Order.NONE)
        state[k] = machine.heads[0]
    pose = AxisPose(azimuth_deg=pose_deg[:, 0], elevation_deg=pose_deg[:, 1])
    return _Decided(pose=pose, state=state, motor_s=motor_s, orders=orders)
