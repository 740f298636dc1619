"""A comparison as pandas tables, for notebooks."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from tracker.study.comparison import Comparison
from tracker.study.steps import ORDER

OF_MOUNTINGS: Final = (
    "axes", "poa_kwh_m2", "ac_kwh", "ac_kwh_per_kwp", "drive_kwh", "net_kwh", "net_kwh_per_m2_land",
    "tilt_deg", "azimuth_deg",
)  # fmt: skip
OF_GAINS: Final = ("poa_percent", "net_percent", "p90_percent", "p50_percent", "p10_percent")
OF_CAUSES: Final = ("cause", "low_points", "high_points", "sigma_points")


def to_frames(comparison: Comparison) -> Mapping[str, pd.DataFrame]:
    """The comparison as tables by name, with the numbers of its JSON.

    mountings: a row each. monthly: kWh, those of months 1 to 12 that are there, by mountings. steps: kWh
    left after each effect, in their order, by mountings; NaN where an effect is not modelled. gains: percent,
    by (of, over). causes: percentage points of each gain's spread, by (of, over, cause). net: Wh in each
    interval, by its centre in UTC, by mountings.
    """
    return {
        "mountings": _mountings(comparison),
        "monthly": _monthly(comparison),
        "steps": _steps(comparison),
        "gains": _gains(comparison),
        "causes": _causes(comparison),
        "net": _net(comparison),
    }


def _mountings(comparison: Comparison) -> pd.DataFrame:
    rows = {row.name: [getattr(row, column) for column in OF_MOUNTINGS] for row in comparison.mountings}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(OF_MOUNTINGS)).rename_axis("mounting")


def _monthly(comparison: Comparison) -> pd.DataFrame:
    months = pd.RangeIndex(1, 13, name="month")
    table = pd.DataFrame({row.name: row.monthly_kwh for row in comparison.mountings}, index=months)
    part = comparison.part_year
    return table if part is None else table.loc[[there.month for there in part.months]]


def _steps(comparison: Comparison) -> pd.DataFrame:
    left = {row.name: {step.name: step.kwh for step in row.steps} for row in comparison.mountings}
    modelled = [name for name in ORDER if any(name in steps for steps in left.values())]
    return pd.DataFrame(left, index=pd.Index(modelled, name="step"))


def _gains(comparison: Comparison) -> pd.DataFrame:
    pairs = [(gain.of, gain.over) for gain in comparison.gains]
    return pd.DataFrame(
        [[getattr(gain, column) for column in OF_GAINS] for gain in comparison.gains],
        index=pd.MultiIndex.from_tuples(pairs, names=["of", "over"]),
        columns=list(OF_GAINS),
    )


def _causes(comparison: Comparison) -> pd.DataFrame:
    effects = [
        [gain.of, gain.over, *(getattr(effect, column) for column in OF_CAUSES)]
        for gain in comparison.gains
        for effect in gain.spread.effects
    ]
    table = pd.DataFrame(effects, columns=["of", "over", *OF_CAUSES]).set_index(["of", "over", "cause"])
    # only so does pandas find a pair without complaint; within one the strongest cause stays the first
    return table.sort_index(level=["of", "over"], sort_remaining=False, kind="stable")


def _net(comparison: Comparison) -> pd.DataFrame:
    centres = pd.DatetimeIndex(comparison.weather.utc, tz="UTC", name="utc")
    return pd.DataFrame({row.name: row.net_wh for row in comparison.mountings}, index=centres)
