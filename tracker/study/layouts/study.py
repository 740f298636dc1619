"""What every field of a plan yields, a head, a kWp and a square metre of land."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from tracker.plant import Plant, Site
from tracker.pv import Models
from tracker.pv.irradiance import plane_irradiance
from tracker.study.driven.sunflower import decided_orientation
from tracker.study.layouts.fields import Field, LayoutPlan, fields_of
from tracker.study.layouts.front import Energy, best_of, marginal_kwh, on_front
from tracker.study.layouts.holding import facing_the_sun
from tracker.study.layouts.light_lost import LightLost, light_lost
from tracker.study.layouts.sampled_shade import sampled_shade
from tracker.study.mountings.orientation import Orientation
from tracker.study.provenance import inputs_sha256
from tracker.study.result import net_wh_under
from tracker.study.setting import Setting, setting_of
from tracker.weather.series import Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayoutYield:
    """One field over the series, driven as the decision code drives it.

    beam_lost_percent is of the beam's energy on the panels, diffuse_lost_percent of all other light on them
    (sky and ground), both by area; what bypassed petals cost besides is in the net energy.
    """

    field: Field
    beam_lost_percent: float
    diffuse_lost_percent: float
    net_kwh: float

    @property
    def heads(self) -> int:
        """How many heads the field has."""
        return self.field.array.size

    @property
    def ground_cover_ratio(self) -> float:
        """Area of all petals over that of the land."""
        return self.field.array.head.area_m2 * self.heads / self.field.land_m2

    @property
    def net_kwh_per_head(self) -> float:
        """Mean of the heads."""
        return self.net_kwh / self.heads

    @property
    def net_kwh_per_kwp(self) -> float:
        """Net energy over the modules' capacity."""
        return self.net_kwh_per_head / (self.field.array.panels.dc_capacity_w / 1000.0)

    @property
    def net_kwh_per_m2_land(self) -> float:
        """Net energy over the land inside the fence."""
        return self.net_kwh / self.field.land_m2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayoutStudy:
    """All fields of a plan, in its order.

    pareto: whether no other field yields more a head and no less a square metre, or the reverse. marginal_kwh
    (None where nothing is sparser): what each head brings that the next sparser field of the pattern has not.
    best: index of the field with most energy, where an area was given.
    """

    inputs_sha256: str
    site: Site
    weather: Weather
    plan: LayoutPlan
    yields: tuple[LayoutYield, ...]
    pareto: tuple[bool, ...]
    marginal_kwh: tuple[float | None, ...]
    best: int | None


def study_layouts(
    plant: Plant,
    weather: Weather,
    plan: LayoutPlan,
    *,
    models: Models | None = None,
    done: Callable[[float], None] = lambda _share: None,
) -> LayoutStudy:
    """Work out every field of a plan; `done` is told the share of them that is. Raises what `fields_of` does.

    Heads face the sun unless the plan wants them out of each other's shade, which is that of `sampled_shade`.
    """
    fields = fields_of(plant, plan)
    setting = setting_of(plant, weather, models or Models())
    facing = None if plan.avoid_shade else facing_the_sun(plant, weather, setting.sun)
    yields = []
    for number, field in enumerate(fields, start=1):
        here = replace(setting, plant=replace(plant, array=field.array))
        orientation = facing or decided_orientation(here.plant, weather, setting.sun)
        yields.append(yield_of_field(here, field, orientation))
        done(number / len(fields))
    return LayoutStudy(
        inputs_sha256=_sha256(setting, plan),
        site=plant.site,
        weather=weather,
        plan=plan,
        yields=tuple(yields),
        pareto=tuple(on_front([(row.net_kwh_per_head, row.net_kwh_per_m2_land) for row in yields])),
        marginal_kwh=_marginals(yields),
        best=None if plan.area_m2 is None else best_of([(row.net_kwh, row.heads) for row in yields]),
    )


def yield_of_field(setting: Setting, field: Field, orientation: Orientation) -> LayoutYield:
    """One field, which is the setting's array, when its heads are held like this."""
    shade = sampled_shade(setting, orientation.normal_enu)
    daylight = setting.daylight
    plane = plane_irradiance(daylight.sky, orientation.normal_enu[..., daylight.up, :])
    lost = LightLost() if shade is None else light_lost(plane, shade)
    return LayoutYield(
        field=field,
        beam_lost_percent=lost.beam_percent,
        diffuse_lost_percent=lost.diffuse_percent,
        net_kwh=float(np.sum(net_wh_under(setting, replace(orientation, shade=shade)))) / 1000.0,
    )


def _marginals(yields: Sequence[LayoutYield]) -> tuple[float | None, ...]:
    def pattern_of(field: Field) -> list[Energy]:
        return [(row.net_kwh, row.heads) for row in yields if row.field.pattern == field.pattern]

    return tuple(marginal_kwh((row.net_kwh, row.heads), pattern_of(row.field)) for row in yields)


def _sha256(setting: Setting, plan: LayoutPlan) -> str:
    inputs = inputs_sha256(setting.plant, setting.weather, setting.models)
    text = json.dumps([inputs, asdict(plan)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
