"""What the figures and the page of a sweep are drawn from."""

from dataclasses import dataclass

import numpy as np

from tracker.report import labels
from tracker.report.formats import number
from tracker.report.tabulate import Heading, Row, Table
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SweepTable:
    """Net energy (P, V, M) in kWh a kWp at P sites under V sets of parameters with M mountings.

    parameters holds a mapping from the site file's key to the value for each of the V. clear_sky_sites says
    at how many of the P no cloud is counted.
    """

    sites: tuple[str, ...]
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    mountings: tuple[str, ...]
    parameters: tuple[dict[str, bool | int | float | str], ...]
    net_kwh_per_kwp: FloatArray
    clear_sky_sites: int

    @property
    def baseline(self) -> int | None:
        """Number of the mounting that others are held against: the best fixed one, else the first."""
        if len(self.mountings) == 1:
            return None
        return self.mountings.index("best_fixed") if "best_fixed" in self.mountings else 0

    @property
    def subject(self) -> int:
        """Number of the mounting that is asked about: the last that is not the baseline."""
        others = [number for number in range(len(self.mountings)) if number != self.baseline]
        return others[-1]

    def gain_percent(self) -> FloatArray:
        """Gain (P, V) of the subject over the baseline; NaN where that yields nothing or there is none."""
        gain = np.full(self.net_kwh_per_kwp.shape[:2], np.nan)
        if self.baseline is not None:
            below = self.net_kwh_per_kwp[..., self.baseline]
            above = self.net_kwh_per_kwp[..., self.subject]
            np.divide(above, below, out=gain, where=below > 0.0)
        return np.asarray(100.0 * (gain - 1.0))


def sweep_answer(table: SweepTable) -> str:
    """What the sweep found, in one sentence that says where it is an upper bound."""
    gain = table.gain_percent()
    subject = labels.mounting(table.mountings[table.subject]).capitalize()
    if table.baseline is None or not np.isfinite(gain).any():
        net = table.net_kwh_per_kwp[..., table.subject]
        return f"{subject}: {_found(net, 'kWh a kWp', 0, table)}."
    over = labels.mounting(table.mountings[table.baseline])
    return f"{subject} over {over}: {_found(gain, '% net', 1, table, sign=True)}."


def sweep_rows(table: SweepTable) -> Table:
    """Lowest, median and highest net energy of every mounting, over all sites and parameters."""
    headings = (
        Heading(name="mounting"),
        *(Heading(name=n, unit="kWh/kWp") for n in ("lowest", "median", "highest")),
    )
    rows = tuple(
        Row(cells=(labels.mounting(name), *_three(table.net_kwh_per_kwp[..., i])), strong=i == table.subject)
        for i, name in enumerate(table.mountings)
    )
    return Table(caption="Net energy over all sites and parameters", headings=headings, rows=rows)


def _three(values: FloatArray) -> tuple[str, ...]:
    return tuple(number(float(value), 0) for value in (values.min(), np.median(values), values.max()))


def _found(values: FloatArray, unit: str, decimals: int, table: SweepTable, *, sign: bool = False) -> str:
    """'15.2 % net at 2 sites (median; spread over sites 10.1 to 20.2), clear sky: an upper bound'."""
    low, middle, high = (number(value, decimals, sign=sign) for value in _low_median_high(values))
    at = f"{middle} {unit} at {labels.counted(len(table.sites), 'site', 'sites')}"
    spread = "" if low == high else f" (median; spread over {_varied(table)} {low} to {high})"
    return at + spread + _upper_bound(table)


def _low_median_high(values: FloatArray) -> tuple[float, ...]:
    known = values[np.isfinite(values)]
    if not known.size:
        return (np.nan,) * 3
    return tuple(float(value) for value in (known.min(), np.median(known), known.max()))


def _varied(table: SweepTable) -> str:
    """What differs from row to row."""
    counts = {"sites": len(table.sites), "parameters": len(table.parameters)}
    return " and ".join(name for name, count in counts.items() if count > 1)


def _upper_bound(table: SweepTable) -> str:
    """That no cloud is counted, and at how many sites where not at all."""
    clear = table.clear_sky_sites
    if not clear:
        return ""
    return ", clear sky: an upper bound" + (f" at {clear} of them" if clear < len(table.sites) else "")
