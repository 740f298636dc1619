"""What tracking may cost more than fixed mounting before it no longer pays."""

from dataclasses import dataclass

from tracker.plant import Economics
from tracker.study.gain.gains import Gain


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The extra cost per kWp at which tracking breaks even, in the money of the price, and its interval.

    p90 is exceeded with 90 % probability. Below zero tracking does not pay even when it is free to buy.
    """

    of: str
    over: str
    extra_kwh_per_kwp_year: float
    annuity_years: float
    per_kwp: float
    p90_per_kwp: float
    p10_per_kwp: float
    currency: str
    says: str


def break_even(economics: Economics, gain: Gain, over_kwh_per_kwp_year: float) -> BreakEven:
    """The worth today of the extra energy over the plant's life, less the extra upkeep."""
    years = annuity_years(economics.discount_rate_percent, economics.lifetime_years)

    def worth(percent: float) -> float:
        extra_kwh = over_kwh_per_kwp_year * percent / 100.0
        return years * (extra_kwh * economics.energy_price_per_kwh - economics.extra_upkeep_per_kwp_year)

    worths = [worth(percent) for percent in (gain.net_percent, gain.p90_percent, gain.p10_percent)]
    return BreakEven(
        of=gain.of,
        over=gain.over,
        extra_kwh_per_kwp_year=over_kwh_per_kwp_year * gain.net_percent / 100.0,
        annuity_years=years,
        per_kwp=worths[0],
        p90_per_kwp=worths[1],
        p10_per_kwp=worths[2],
        currency=economics.currency,
        says=_says(economics, gain, worths),
    )


def annuity_years(discount_rate_percent: float, lifetime_years: float) -> float:
    """What one a year is worth today, in years: (1 - (1 + r)^-n) / r; n itself without discounting."""
    rate = discount_rate_percent / 100.0
    return lifetime_years if rate == 0.0 else (1.0 - (1.0 + rate) ** -lifetime_years) / rate


def _says(economics: Economics, gain: Gain, worths: list[float]) -> str:
    money = economics.currency
    pays = "breaks even" if worths[0] > 0.0 else "never pays, as it would break even only"
    return (
        f"{gain.of.replace('_', ' ')} {pays} with {gain.over.replace('_', ' ')} at an extra cost of "
        f"{worths[0]:,.0f} {money} per kWp (P90 {worths[1]:,.0f}, P10 {worths[2]:,.0f}), at "
        f"{economics.energy_price_per_kwh:g} {money}/kWh over {economics.lifetime_years:g} years, discounted "
        f"by {economics.discount_rate_percent:g} % a year, with "
        f"{economics.extra_upkeep_per_kwp_year:g} {money} more upkeep per kWp and year."
    )
