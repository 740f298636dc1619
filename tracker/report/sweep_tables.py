"""What the figures and the page of a sweep are drawn from."""

from dataclasses import dataclass

import numpy as np

from tracker.report import labels
from tracker.report.formats import UNKNOWN, number
from tracker.report.tabulate import Heading, Row, Table
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SweepTable:
    """Net energy (P, V, M) in kWh a kWp at P sites under V sets of parameters with M mountings.

    parameters holds a mapping from the site file's key to the value for each of the V.
    """

    sites: tuple[str, ...]
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    mountings: tuple[str, ...]
    parameters: tuple[dict[str, bool | int | float | str], ...]
    net_kwh_per_kwp: FloatArray

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
    """What the sweep found, in one sentence."""
    sites = labels.counted(len(table.sites), "site", "sites")
    gain = table.gain_percent()
    subject = labels.mounting(table.mountings[table.subject]).capitalize()
    if table.baseline is None or not np.isfinite(gain).any():
        net = table.net_kwh_per_kwp[..., table.subject]
        return f"{subject}: {_spread(net, 0)} kWh a kWp at {sites}."
    over = labels.mounting(table.mountings[table.baseline])
    return f"{subject} over {over}: {_spread(gain, 1, sign=True)} % net at {sites}."


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


def _spread(values: FloatArray, decimals: int, *, sign: bool = False) -> str:
    """'1,234' or '12.3 (10.1 to 15.2)': the median, and the range where there is one."""
    known = values[np.isfinite(values)]
    if not known.size:
        return UNKNOWN
    low, middle, high = (
        number(float(value), decimals, sign=sign) for value in (known.min(), np.median(known), known.max())
    )
    return middle if low == high else f"{middle} ({low} to {high})"
