"""What may be said of a comparison over less than a year, and what may not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tracker.plant import Plant
from tracker.weather.series import Weather, standard_time
from tracker.weather.whole.coverage import covers_whole_years, hours_of_months

YEAR_TO_YEAR: Final = "year to year"
YEARS_BEST: Final = "best_fixed is the year's best plane, not these days'"
DAYS_BEST: Final = "best_fixed is the plane that was best in this weather: another one is best in a year"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthThere:
    """A calendar month, 1 to 12, of which so many days are compared."""

    month: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartYear:
    """A stretch of so many days, from one local date to another, that stands for no year.

    Monthly sums are of `months`, and 0 in all others. not_told names what needs whole years and is left out;
    says and notes are sentences without their full stop.
    """

    days: float
    first_date: str
    last_date: str
    months: tuple[MonthThere, ...]
    not_told: tuple[str, ...]
    says: str
    notes: tuple[str, ...]


def part_year_of(weather: Weather, series: Weather, plant: Plant) -> PartYear | None:
    """What the compared intervals of a series are if they are no whole years; None if they are."""
    if covers_whole_years(weather):
        return None
    hours = hours_of_months(weather.local_month, weather.step_s)
    days = weather.utc.size * weather.step_s / 86400.0
    local = standard_time(weather.utc, weather.utc_offset_h)
    first, last = (str(date) for date in local[[0, -1]].astype("datetime64[D]"))
    priced = plant.economics is not None
    spoken = f"{days:.4g} day{'' if days == 1.0 else 's'}"
    dates = f"on {first}" if first == last else f"from {first} to {last}"
    return PartYear(
        days=days,
        first_date=first,
        last_date=last,
        months=tuple(
            MonthThere(month=number, days=float(there) / 24.0)
            for number, there in enumerate(hours, 1)
            if there > 0.0
        ),
        not_told=(YEAR_TO_YEAR, "claim", *(("break-even",) if priced else ())),
        says=f"{spoken} {dates}, and not a year",
        notes=tuple(_notes(plant, priced=priced, of_years=covers_whole_years(series))),
    )


def _notes(plant: Plant, *, priced: bool, of_years: bool) -> Iterator[str]:
    yield "energies and CO2 are sums over these days; what other seasons would bring is not in them"
    yield f"how years differ ({YEAR_TO_YEAR}) is left out of the intervals, which hold for these days alone"
    yield "the claim is one of years, which these days neither show nor refute"
    if priced:
        yield "at what cost tracking breaks even is not told: that takes a year's energy"
    if "best_fixed" in plant.comparison.mountings:
        yield YEARS_BEST if of_years else DAYS_BEST
