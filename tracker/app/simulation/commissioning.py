"""Calibrating a simulated array: a day of sightings with its sun sensors, then the fit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration import Calibration, Sightings, fit, plan_sightings
from tracker.aiming.facing import AsDrawn
from tracker.app.assemble import rules_for
from tracker.app.simulation.day import SimulatedDay, simulate
from tracker.app.simulation.hidden_truth import SENSOR_SIGMA_DEG, SunSensors
from tracker.decision.day import clear_height_deg
from tracker.decision.states import State
from tracker.decision.values import Decision, Inputs
from tracker.frames import AxisPose, angle_between_deg
from tracker.plant import Plant
from tracker.ports.wind import WindSensor
from tracker.sun import sun_position
from tracker.units import FloatArray, UtcArray

TICK_S: Final = 120.0  # the sun moves half a degree: nothing against what is being looked for
SIGHTINGS: Final = 24
LOWEST_SUN_DEG: Final = 5.0
FROM_HOUR: Final = 5.0
TO_HOUR: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Commissioned:
    """What came of it: sightings, calibration, and how far off the heads were before (S, H), deg."""

    sightings: Sightings
    calibration: Calibration
    before_deg: FloatArray


def commission(
    plant: Plant, sensors: SunSensors, date: str, wind: WindSensor, advance: Callable[[float], None]
) -> Commissioned:
    """Home and track for a day as drawn, take planned sightings of every head, and fit.

    `advance` is told how much of the day is done, 0 to 1. Raises what `calibration.fit` raises.
    """
    day = SimulatedDay(
        plant=plant,
        date=date,
        tick_s=TICK_S,
        rules=rules_for(plant, AsDrawn()),
        wind=wind,
        from_hour=FROM_HOUR,
        to_hour=TO_HOUR,
    )
    sighter = _Sighter(plant.array.names, sensors, _planned(day))

    def see(utc: np.datetime64, inputs: Inputs, decision: Decision) -> None:
        sighter.observe(utc, inputs, decision)
        advance(day.done(utc))

    simulate(day, sensors.site, None, see)
    sightings = sighter.sightings()
    return Commissioned(
        sightings=sightings,
        calibration=Calibration.of(fit(sightings), epoch=date),
        before_deg=np.array(sighter.off_deg),
    )


def _planned(day: SimulatedDay) -> UtcArray:
    """The ticks of the day that tell most about the terms, from the sun's path above the skyline alone."""
    ticks_s = np.arange(0.0, day.length_s, day.tick_s)
    utc = day.start_utc + (ticks_s * 1000.0).astype("timedelta64[ms]")
    sun_enu = sun_position(utc, day.plant.site).direction_enu
    clear = clear_height_deg(sun_enu, day.plant.horizon) > LOWEST_SUN_DEG
    utc, sun_enu = utc[clear], sun_enu[clear]
    return utc[plan_sightings(sun_enu, count=SIGHTINGS, min_elevation_deg=LOWEST_SUN_DEG)]


class _Sighter:
    """Watches the day: sightings at the planned ticks, and at every tick how far off the heads are."""

    def __init__(self, names: tuple[str, ...], sensors: SunSensors, due_utc: UtcArray) -> None:
        self._names, self._sensors = names, sensors
        self._due_utc = set(due_utc.astype("datetime64[ms]").tolist())
        self._aim_enu: FloatArray | None = None
        self._rows: list[tuple[np.datetime64, AxisPose, FloatArray, FloatArray]] = []
        self.off_deg: list[FloatArray] = []

    def observe(self, utc: np.datetime64, inputs: Inputs, decision: Decision) -> None:
        """One tick, before its orders have moved anything."""
        standing = (decision.states == State.TRACKING) & ~inputs.heads.moving
        if standing.all() and self._aim_enu is not None:
            self._look(utc, inputs, self._aim_enu)
        self._aim_enu = inputs.aim_enu if standing.all() else None

    def _look(self, utc: np.datetime64, inputs: Inputs, aimed_enu: FloatArray) -> None:
        self.off_deg.append(angle_between_deg(self._sensors.true_normal_enu(), aimed_enu))
        if utc.astype("datetime64[ms]").tolist() in self._due_utc:
            azimuth_deg, elevation_deg = self._sensors.observe(inputs.sun_enu)
            self._rows.append((utc, inputs.heads.pose, azimuth_deg, elevation_deg))

    def sightings(self) -> Sightings:
        """All that the sensors saw; a head whose sensor missed the sun has no sighting there."""
        heads = len(self._names)
        azimuth_deg = np.concatenate([row[2] for row in self._rows])
        elevation_deg = np.concatenate([row[3] for row in self._rows])
        seen = np.isfinite(azimuth_deg)
        return Sightings.of(
            heads=[name for name, ok in zip(self._names * len(self._rows), seen, strict=True) if ok],
            utc=np.repeat([row[0] for row in self._rows], heads)[seen],
            pose=AxisPose(
                azimuth_deg=np.concatenate([row[1].azimuth_deg for row in self._rows])[seen],
                elevation_deg=np.concatenate([row[1].elevation_deg for row in self._rows])[seen],
            ),
            observed_azimuth_deg=azimuth_deg[seen],
            observed_elevation_deg=elevation_deg[seen],
            sigma_deg=SENSOR_SIGMA_DEG,
        )
