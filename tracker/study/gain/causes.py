"""Why a gain is not known exactly: each cause as two settings, at either end of one standard deviation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Final, TypeAlias

import numpy as np

from tracker.model_names import OPEN_RACK
from tracker.plant import ComparisonPlan, Decomposition
from tracker.study.mountings.orientation import Orientation
from tracker.study.setting import Setting, heads_over_rows, pivots_over_rows, relit, with_windier_heads

Ends: TypeAlias = tuple[Setting, Setting]
DECOMPOSITIONS: Final[tuple[Decomposition, ...]] = ("erbs", "dirint", "engerer2")
OTHER_SPECTRUM: Final = {
    "de soto, single-crystal silicon": "de soto, polycrystalline silicon",
    "de soto, polycrystalline silicon": "de soto, single-crystal silicon",
}
OPEN, ROOF = "sapm, open rack glass-glass", "sapm, close roof mount glass-glass"
OTHER_CELLS: Final = {  # of the same kind of mounting, low above the ground; those not named stand open
    OPEN_RACK: OPEN,
    "noct-sam, 45 C open rack above 22 ft": OPEN,
    "noct-sam, 49 C roof mount": ROOF,
    ROOF: "noct-sam, 49 C roof mount",
    "pvsyst, semi-integrated": ROOF,
    "pvsyst, insulated": "sapm, insulated back glass-polymer",
    "sapm, insulated back glass-polymer": "pvsyst, insulated",
}
OTHER_MODEL: Final = {"perez": "hay-davies", "hay-davies": "perez", "isotropic": "perez"}
# One standard deviation each, chosen; docs/decisions/0024-uncertainty.md says after whom.
LIGHT_RATIO: Final = 0.03
BEAM_RATIO: Final = {"measured": 0.02}
MODELLED_BEAM_RATIO: Final = 0.05
ALBEDO: Final = 0.05
AVAILABILITY_POINTS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something uncertain that all mountings share: its name, and what lies at its two ends.

    touches says which ways to hold modules know of it.
    """

    name: str
    ends: Callable[[Setting], Ends]
    touches: Callable[[Orientation], bool] = lambda _orientation: True


def transposition(setting: Setting) -> Ends:
    """The sky's light divided by one model, and by another: the true sky is taken to lie between."""
    models = replace(setting.models, transposition=OTHER_MODEL[setting.models.transposition])
    return setting, relit(setting, models=models)


def decomposition(setting: Setting) -> Ends:
    """Beam and diffuse from the same global light by the two other models, where a model made them."""
    others = [model for model in DECOMPOSITIONS if model != setting.weather.decomposition]
    if len(others) == len(DECOMPOSITIONS):
        return setting, setting
    from tracker.weather.splitting.redivided import (
        redivided,  # needs pvlib, and few weathers are divided by a model
    )

    low, high = (relit(setting, weather=redivided(setting.weather, setting.plant.site, o)) for o in others)
    return low, high


def beam_and_diffuse(setting: Setting) -> Ends:
    """More beam and less, at the same global light: what is not beam is diffuse."""
    ratio = BEAM_RATIO.get(setting.weather.kind, MODELLED_BEAM_RATIO)
    return _both(partial(_with_beam, setting), 1.0, ratio)


def measurement(setting: Setting) -> Ends:
    """All light too low or too high by the same ratio."""
    return _both(partial(_with_light, setting), 1.0, LIGHT_RATIO)


def albedo(setting: Setting) -> Ends:
    """Ground darker and brighter, never below black."""
    return _both(partial(_with_albedo, setting), setting.plant.site.albedo, ALBEDO)


def cell_temperature(setting: Setting) -> Ends:
    """All cells by the coefficients that others published for the same kind of mounting.

    Heads keep what their model takes them to have in wind over rows: that is `wind_on_heads`.
    """
    models = setting.models
    rows, heads = (OTHER_CELLS.get(name, OPEN_RACK) for name in (models.temperature, models.head_temperature))
    other = relit(setting, models=replace(models, temperature=rows, head_temperature=heads))
    return setting, with_windier_heads(other, heads_over_rows(setting))


def wind_on_heads(setting: Setting) -> Ends:
    """As much wind on heads as on rows, and what their models take, or else what blows at their pivots."""
    taken = heads_over_rows(setting)
    if taken != 1.0:
        return with_windier_heads(setting, 1.0 / taken), setting
    return setting, with_windier_heads(setting, pivots_over_rows(setting.plant))


def spectrum(setting: Setting) -> Ends:
    """The light's colours as two kinds of silicon were measured to see them."""
    chosen = setting.models.spectrum
    names = (OTHER_SPECTRUM[chosen],) if chosen in OTHER_SPECTRUM else tuple(OTHER_SPECTRUM)
    ends = [relit(setting, models=replace(setting.models, spectrum=name)) for name in names]
    return (ends[0], ends[1]) if len(ends) == len(OTHER_SPECTRUM) else (setting, ends[0])


def pointing(setting: Setting) -> Ends:
    """Driven heads that point perfectly, and twice as badly as the plan says."""
    plan = setting.plant.comparison
    return (
        _planned(setting, replace(plan, pointing_error_deg=0.0)),
        _planned(setting, replace(plan, pointing_error_deg=2.0 * plan.pointing_error_deg)),
    )


def availability(setting: Setting) -> Ends:
    """Drives out of order more often and less often, between always and never."""
    plan = setting.plant.comparison
    points, stated = AVAILABILITY_POINTS, plan.availability_percent
    return (
        _planned(setting, replace(plan, availability_percent=max(stated - points, 0.0))),
        _planned(setting, replace(plan, availability_percent=min(stated + points, 100.0))),
    )


CAUSES: Final = (
    Cause(name="transposition", ends=transposition),
    Cause(name="decomposition", ends=decomposition),
    Cause(name="beam and diffuse", ends=beam_and_diffuse),
    Cause(name="measurement", ends=measurement),
    Cause(name="albedo", ends=albedo),
    Cause(name="cell temperature", ends=cell_temperature),
    Cause(name="wind on heads", ends=wind_on_heads, touches=attrgetter("on_heads")),
    Cause(name="spectrum", ends=spectrum),
    Cause(name="pointing", ends=pointing, touches=attrgetter("driven")),
    Cause(name="availability", ends=availability, touches=attrgetter("driven")),
)


def _both(at: Callable[[float], Setting], middle: float, deviation: float) -> Ends:
    return at(middle - deviation), at(middle + deviation)


def _with_beam(setting: Setting, ratio: float) -> Setting:
    weather = setting.weather
    level = np.maximum(setting.sun.direction_enu[:, 2], 0.0)
    most = np.divide(weather.ghi_w_m2, level, out=np.zeros_like(level), where=level > 0.0)
    beam = np.minimum(weather.dni_w_m2 * ratio, np.maximum(most, weather.dni_w_m2))
    diffuse = np.maximum(weather.dhi_w_m2 - (beam - weather.dni_w_m2) * level, 0.0)
    return relit(setting, weather=replace(weather, dni_w_m2=beam, dhi_w_m2=diffuse))


def _with_light(setting: Setting, ratio: float) -> Setting:
    weather = setting.weather
    brighter = replace(
        weather,
        ghi_w_m2=weather.ghi_w_m2 * ratio,
        dni_w_m2=weather.dni_w_m2 * ratio,
        dhi_w_m2=weather.dhi_w_m2 * ratio,
    )
    return relit(setting, weather=brighter)


def _with_albedo(setting: Setting, share: float) -> Setting:
    return relit(setting, albedo=min(max(share, 0.0), 1.0))


def _planned(setting: Setting, plan: ComparisonPlan) -> Setting:
    return replace(setting, plant=replace(setting.plant, comparison=plan))
