"""The sunflower as it would really be driven: the field's decision code over a year of weather."""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from tracker.aiming.dead_band import off_rms_deg
from tracker.aiming.diffuse import leaned
from tracker.aiming.facing import AsDrawn, desired_normals
from tracker.aiming.limits import reach
from tracker.aiming.shade_avoidance import AimTable
from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Inputs, MachineState, Rules, SkyWatch, SunWatch, WindLatch
from tracker.frames import AxisPose
from tracker.plant import Limits, Plant
from tracker.study.driven.ideal_head import GOES, IdealHeads
from tracker.study.driven.shade_aim import aim_table
from tracker.study.driven.sky_table import diffuse_rules
from tracker.study.driven.stretches import joined
from tracker.study.mountings.orientation import Orientation, mean_of_heads
from tracker.sun import SunPosition, sun_position
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.gusts import gusts_m_s
from tracker.weather.series import Weather

CONTROL_STEP_S: Final = 600.0  # chosen: resolves the release timer; the field's ticks differ by 0.1 deg
DAY_S: Final = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Grid:
    """K control steps: their times, the interval each belongs to, and which one is its centre."""

    utc: UtcArray
    step_s: float
    interval: IntArray
    centre: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What the sensors of the site see at every step, (K,), and where the sun is, (K, 3)."""

    sun_enu: FloatArray
    gust_m_s: FloatArray
    ghi_w_m2: FloatArray | None  # where heads want to know of it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Decided:
    """What came of the control steps for one head: pose, state, motor seconds until the next, orders.

    Any shape: (K,) for the series, (D, K) by day.
    """

    pose: AxisPose
    state: IntArray
    motor_s: FloatArray
    orders: IntArray
    leaning: FloatArray

    @staticmethod
    def empty(*shape: int) -> "_Decided":
        """Room for that many."""
        pose = AxisPose(azimuth_deg=np.empty(shape), elevation_deg=np.empty(shape))
        whole = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
        motor_s, leaning = np.empty(shape), np.zeros(shape)
        return _Decided(pose=pose, state=whole[0], motor_s=motor_s, orders=whole[1], leaning=leaning)


def decided_orientation(plant: Plant, weather: Weather, sun: SunPosition) -> Orientation:
    """How `decision.machine` would hold one head, which stands for all: they see the same sun and wind.

    Control runs in steps of ten minutes or the weather's own, if that is shorter; the orientation is taken
    at the centre of each interval, like everybody's. Drives are as drawn, links never fail. Hourly wind
    becomes gusts by the gust factor and a power law of height; unknown wind counts as calm. Where few heads
    keep out of each other's shade by ways of their own, each one is decided for.
    """
    avoidance = aim_table(plant.array, plant.site.latitude_deg)
    if avoidance is None or avoidance.heads is None:
        return _of_head(plant, weather, sun, avoidance)
    ways = [avoidance.of_head(head) for head in range(avoidance.heads)]
    return mean_of_heads([_of_head(plant, weather, sun, way) for way in ways])


def facing_orientation(plant: Plant, weather: Weather, sun: SunPosition) -> Orientation:
    """The same for heads that face the sun, in whatever shade: what avoiding it is held against."""
    return _of_head(plant, weather, sun, None)


def _of_head(plant: Plant, weather: Weather, sun: SunPosition, avoidance: AimTable | None) -> Orientation:
    grid = _control_grid(weather)
    decided = _decide(plant, grid, _seen(plant, weather, grid), avoidance)
    centre = grid.centre
    pose = AxisPose(
        azimuth_deg=decided.pose.azimuth_deg[centre], elevation_deg=decided.pose.elevation_deg[centre]
    )
    normal = AsDrawn().to_sky(pose)
    dead_band_deg = plant.array.mount.dead_band_deg
    ideal = desired_normals(sun.direction_enu, weather.utc.size, avoidance)
    ideal = leaned(ideal, decided.leaning[centre])
    tracking = decided.state == State.TRACKING
    stowed = np.isin(decided.state, (State.STOWING, State.STOWED))
    hours = grid.step_s / 3600.0
    power_wh = decided.motor_s * plant.array.mount.drive_power_w / 3600.0
    return Orientation(
        normal_enu=normal,
        drive_wh=power_wh.reshape(weather.utc.size, -1).sum(axis=1),
        standby_w=np.full(weather.utc.size, plant.array.mount.standby_power_w),
        ideal_normal_enu=ideal,
        limited_normal_enu=np.where(
            tracking[centre, None], normal, _inside_travel(ideal, plant.array.mount.limits)
        ),
        tracking_h=float(np.sum(tracking) * hours),
        stowed_h=float(np.sum(stowed) * hours),
        stowed=stowed[centre],
        off_rms_deg=_off_rms_deg(decided, grid, dead_band_deg) if dead_band_deg > 0.0 else None,
        moves=int(np.sum(np.isin(decided.orders, GOES))),
        on_heads=True,
    )


def _off_rms_deg(decided: _Decided, grid: _Grid, dead_band_deg: float) -> FloatArray:
    """What the dead band leaves at the centre of each interval (T,), by the way to the step that follows."""
    at = np.flatnonzero(grid.centre)
    before, after = (
        AxisPose(azimuth_deg=decided.pose.azimuth_deg[k], elevation_deg=decided.pose.elevation_deg[k])
        for k in (at, np.minimum(at + 1, grid.utc.size - 1))
    )
    return np.where(decided.state[at] == State.TRACKING, off_rms_deg(dead_band_deg, before, after), 0.0)


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
    gusts = gusts_m_s(
        weather,
        gust_factor=plant.safety.gust_factor,
        height_m=plant.wind.height_m,
        weather_height_m=plant.wind.weather_height_m,
        exponent=plant.wind.shear_exponent,
    )
    return np.nan_to_num(gusts, nan=0.0)


def _seen(plant: Plant, weather: Weather, grid: _Grid) -> _Seen:
    """The wind is that of the interval, and so is the light."""
    sun_enu = sun_position(grid.utc, plant.site).direction_enu
    return _Seen(
        sun_enu=sun_enu,
        gust_m_s=_gusts_m_s(plant, weather)[grid.interval],
        ghi_w_m2=None if plant.diffuse == "off" else _ghi_w_m2(weather, sun_enu),
    )


def _ghi_w_m2(weather: Weather, sun_enu: FloatArray) -> FloatArray:
    """What a pyranometer would show (K,): the interval's mean, the sky being equally clear all through it."""
    up = np.maximum(sun_enu[:, 2], 0.0).reshape(weather.utc.size, -1)
    mean = np.mean(up, axis=1, keepdims=True)
    share = np.divide(up, mean, out=np.zeros_like(up), where=mean > 0.0)
    return np.asarray((weather.ghi_w_m2[:, np.newaxis] * share).ravel())


def _inside_travel(normal_enu: FloatArray, limits: Limits) -> FloatArray:
    wanted = AsDrawn().to_axis(normal_enu)
    middle_deg = np.full_like(wanted.azimuth_deg, 0.5 * sum(limits.azimuth_range_deg))
    here = AxisPose(azimuth_deg=middle_deg, elevation_deg=wanted.elevation_deg)
    return AsDrawn().to_sky(reach(wanted, here, limits))


def _decide(plant: Plant, grid: _Grid, seen: _Seen, avoidance: AimTable | None = None) -> _Decided:
    """Step the machine over the grid, all days at once: see `tracker.study.driven.stretches`."""
    rules = Rules(
        limits=plant.array.mount.limits,
        safety=plant.safety,
        pointing=AsDrawn(),
        dead_band_deg=0.0,  # steps are far longer than it takes to cross one: see off_rms_deg
        horizon=plant.horizon,
        avoidance=avoidance,
        diffuse=diffuse_rules(plant),
    )
    days = _Days(seen=seen, step_s=grid.step_s, steps=_steps_a_stretch(grid), rules=rules)
    by_day = joined(_Drive.at_rest(rules.limits), grid.utc.size // days.steps, days.walked)
    return _Decided(
        pose=AxisPose(
            azimuth_deg=by_day.pose.azimuth_deg.ravel(), elevation_deg=by_day.pose.elevation_deg.ravel()
        ),
        state=by_day.state.ravel(),
        motor_s=by_day.motor_s.ravel(),
        orders=by_day.orders.ravel(),
        leaning=by_day.leaning.ravel(),
    )


def _steps_a_stretch(grid: _Grid) -> int:
    """A day of steps where the series is made of whole days, else all of it."""
    steps = round(DAY_S / grid.step_s)
    return steps if grid.utc.size % steps == 0 else grid.utc.size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drive:
    """The controller and its head, one row a day."""

    machine: MachineState
    heads: IdealHeads

    @staticmethod
    def at_rest(limits: Limits) -> "_Drive":
        """One row, at the very beginning."""
        machine = MachineState.initial(1)
        one = np.ones(1)
        wind = WindLatch(latched=one < 0.0, calm_since_s=one * machine.wind.calm_since_s)
        sun = SunWatch(up=one < 0.0, down=one < 0.0, seen_s=one * machine.sun.seen_s)
        sky = SkyWatch(**{part.name: one * getattr(machine.sky, part.name) for part in fields(SkyWatch)})
        machine = replace(machine, wind=wind, sun=sun, sky=sky)
        return _Drive(machine=machine, heads=IdealHeads.at_rest(limits, 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Days:
    """What the controller meets, for the whole series, cut into stretches of that many steps."""

    seen: _Seen
    step_s: float
    steps: int
    rules: Rules

    def walked(self, drive: _Drive, which: IntArray) -> tuple[_Drive, _Decided]:
        """These days (D,) from these states on, all together; where they end, and what was decided."""
        machine, heads, limits, seen = drive.machine, drive.heads, self.rules.limits, self.seen
        decided = _Decided.empty(which.size, self.steps)
        last = seen.gust_m_s.size - 1
        for number in range(self.steps):
            k = which * self.steps + number
            inputs = Inputs(
                sun_enu=seen.sun_enu[k],
                aim_enu=seen.sun_enu[np.minimum(k + 1, last)],  # to be there with the sun, a step from now
                gust_m_s=seen.gust_m_s[k],
                wind_age_s=0.0,
                ghi_w_m2=np.nan if seen.ghi_w_m2 is None else seen.ghi_w_m2[k],
                ghi_age_s=0.0,
                heads=heads.readings,
            )
            decided.pose.azimuth_deg[:, number] = heads.readings.azimuth_deg
            decided.pose.elevation_deg[:, number] = heads.readings.elevation_deg
            machine, decision = step(machine, inputs, k * self.step_s, self.rules)
            heads, decided.motor_s[:, number] = heads.obeying(decision, limits, self.step_s)
            decided.state[:, number], decided.orders[:, number] = decision.states, decision.orders
            if seen.ghi_w_m2 is not None:
                decided.leaning[:, number] = decision.leaning
        return _Drive(machine=machine, heads=heads), decided
