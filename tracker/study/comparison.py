"""The same modules under the same weather, mounted in several ways."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.errors import InvalidInput, InvalidWeather
from tracker.plant import Plant, Site
from tracker.pv import Models
from tracker.study.driven.wind_stow import WindStow, wind_stow
from tracker.study.gain.carbon import AvoidedCarbon, avoided
from tracker.study.gain.claims import Claim, judged, of_part_year
from tracker.study.gain.day_classes import days_of
from tracker.study.gain.economics import BreakEven, break_even
from tracker.study.gain.gains import Gain, gains_of
from tracker.study.metering.common_span import CommonSpan, RecordSummary, common_span
from tracker.study.metering.metered import Metered
from tracker.study.metering.production import Production, production_of
from tracker.study.mountings.by_name import field_area_m2, mounting
from tracker.study.mountings.recorded import Recording, recorded_orientation
from tracker.study.part_year import PartYear, part_year_of
from tracker.study.provenance import inputs_sha256, versions
from tracker.study.result import MountingResult, by_hour_and_month_kwh, capacity_kwp, summed
from tracker.study.setting import Setting, setting_of
from tracker.study.steps import not_modelled
from tracker.units import SECONDS_PER_YEAR, FloatArray
from tracker.weather.series import Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Mountings with their energies, gains between them, a claim judged and the CO2 avoided.

    weather is that of the intervals compared, series all that was given: where something was recorded, the
    intervals that every record knows are compared, left_out_steps others left out for all mountings alike.
    """

    inputs_sha256: str
    versions: dict[str, str]
    site: Site
    weather: Weather
    series: Weather
    models: Models
    mountings: tuple[MountingResult, ...]
    gains: tuple[Gain, ...]
    claim: Claim
    carbon: AvoidedCarbon
    break_even: BreakEven | None  # where a price of energy is stated
    not_modelled: tuple[str, ...]
    bifaciality: float = 0.0  # of the modules' backs
    records: tuple[RecordSummary, ...] = ()
    left_out_steps: int = 0
    production: Production | None = None  # where a meter's energy is given
    stow: WindStow | None = None  # where the sunflower is compared
    part_year: PartYear | None = None  # where what is compared stands for no year

    def result(self, name: str) -> MountingResult:
        """The mounting of that name. Raises ValueError when it was not compared."""
        for row in self.mountings:
            if row.name == name:
                return row
        raise ValueError(f"{name!r} was not compared; there are {', '.join(r.name for r in self.mountings)}")

    def gain(self, of: str, over: str) -> Gain:
        """The gain of one mounting over another. Raises ValueError when they were not paired."""
        for gain in self.gains:
            if (gain.of, gain.over) == (of, over):
                return gain
        raise ValueError(f"no gain of {of!r} over {over!r}; gains are of more axes over fewer")

    def net_difference_by_hour_and_month_kwh(self, of: str, over: str) -> FloatArray:
        """Net energy of one mounting minus another, (24, 12) by local standard hour and month, kWh."""
        difference_wh = self.result(of).net_wh - self.result(over).net_wh
        return by_hour_and_month_kwh(difference_wh, self.weather)


def compare(
    plant: Plant,
    weather: Weather,
    models: Models | None = None,
    *,
    recordings: Sequence[Recording] = (),
    metered: Metered | None = None,
    metered_row: str | None = None,
) -> Comparison:
    """Compare the plan's mountings under one weather, all on its time grid; Perez unless models says else.

    Recordings are rows like any other, and everything is then compared over the intervals that all of them
    know; metered energy is held against the row of that name (`production_of`). Definitions are in
    docs/reference.md. Raises InvalidInput for unknown or repeated mountings, for a claim over one that is
    not compared and for records and meters that do not fit, InvalidWeather for a series that yields nothing,
    ValueError for unknown models.
    """
    plan = plant.comparison
    if len(set(plan.mountings)) < len(plan.mountings):
        raise InvalidInput(f"comparison.mountings names one twice: {', '.join(plan.mountings)}; drop one")
    span = common_span(setting_of(plant, weather, models or Models()), recordings)
    setting = span.setting
    results = (
        *(_modelled(name, span) for name in plan.mountings),
        *(_recorded(recording, setting) for recording in recordings),
    )
    _demand_energy(results, setting.weather)
    part_year = part_year_of(setting.weather, weather, plant)
    gains = gains_of(results, setting, of_years=part_year is None)
    net_wh = {row.name: row.net_wh for row in results}
    claim = judged(
        plan.claim_percent, plan.claim_over, gains, setting.models.transposition, days_of(setting), net_wh
    )
    if part_year is not None:
        gain = next(gain for gain in gains if (gain.of, gain.over) == (claim.of, claim.over))
        claim = of_part_year(claim, gain, setting.models.transposition, part_year.says)
    rows = {row.name: row for row in results}
    of, over = rows[claim.of], rows[claim.over]
    return Comparison(
        inputs_sha256=inputs_sha256(plant, weather, setting.models, recordings, metered),
        versions=versions(),
        site=plant.site,
        weather=setting.weather,
        series=weather,
        models=setting.models,
        mountings=results,
        gains=gains,
        claim=claim,
        carbon=avoided(plant.carbon, np.array(of.monthly_kwh), np.array(over.monthly_kwh)),
        break_even=None if part_year is not None else _break_even(setting, claim, gains, over),
        not_modelled=not_modelled(plant),
        bifaciality=plant.array.panels.bifaciality,
        records=span.records,
        left_out_steps=span.left_out_steps,
        production=None if metered is None else production_of(metered, results, setting, metered_row),
        part_year=part_year,
        stow=next(filter(None, (wind_stow(setting, row.orientation) for row in results)), None),
    )


def _modelled(name: str, span: CommonSpan) -> MountingResult:
    """Oriented by the whole weather, summed over the common intervals."""
    kind = mounting(name)
    orientation = span.taken(kind.orient(span.whole))
    return summed(name, kind.axes, kind.land_m2(span.whole.plant), orientation, span.setting)


def _recorded(recording: Recording, setting: Setting) -> MountingResult:
    orientation = recorded_orientation(recording, setting)
    return summed(recording.name, 2, field_area_m2(setting.plant), orientation, setting)


def _break_even(
    setting: Setting, claim: Claim, gains: Sequence[Gain], over: MountingResult
) -> BreakEven | None:
    economics, weather = setting.plant.economics, setting.weather
    if economics is None:
        return None
    gain = next(gain for gain in gains if (gain.of, gain.over) == (claim.of, claim.over))
    years = weather.utc.size * weather.step_s / SECONDS_PER_YEAR
    return break_even(economics, gain, over.net_kwh / capacity_kwp(setting.plant) / years)


def _demand_energy(results: Sequence[MountingResult], weather: Weather) -> None:
    for row in results:
        if not row.net_kwh > 0.0:
            raise InvalidWeather(
                f"{weather.source}: {row.name} has {row.net_kwh:.3f} kWh net in {weather.utc.size} intervals "
                "and no gain can be stated over it; give a series with more than 0 kWh, with daylight in it"
            )
