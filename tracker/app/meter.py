"""A meter's energy from a CSV: kWh in each interval, or the reading of a register that counts up.

    # interval_label: end
    utc,energy_kwh
    2026-06-01T12:00:00+08:00,31.2

Registers (register_kwh) need no label: their energy lies between two readings. Beside energies may stand what
IEC 61724-1 wants measured, as means of the intervals: light in the modules' plane (poa_global, G_i, W/m2) and
the modules' temperature at their back (temp_module, T_mod, C).
"""

from pathlib import Path
from typing import Final

import numpy as np

from tracker.app.stamped_csv import StampedTable, read_stamped
from tracker.errors import InvalidInput
from tracker.study.metering.metered import Metered
from tracker.units import BoolArray, FloatArray, IntArray
from tracker.weather.files.names import COLUMNS
from tracker.weather.reading import LABELS
from tracker.weather.whole.quality import BOUNDS

KWH: Final = (-1e9, 1e9)
TOO_SHORT: Final = 0.9  # of the usual interval
MOST_OF_CAPACITY: Final = (
    1.5  # chosen: bright cloud edges and cold modules, and a plant entered a third small
)
FORMS: Final = ("energy_kwh", "register_kwh")
MEASURED: Final = ("poa_w_m2", "temp_module_c")


def read_meter(path: Path, dc_kwp: float) -> Metered:
    """The energy of the whole array of that DC capacity, kWp.

    Raises InvalidInput naming file, line, value and what to do; also for more than the array can make.
    """
    table = read_stamped(path, ())
    forms = [name for name in FORMS if table.has(name)]
    if len(forms) != 1:
        raise InvalidInput(
            f"{path}: it has {' and '.join(forms) or f'neither {FORMS[0]} nor {FORMS[1]}'}; give one of them"
        )
    table.demand_ascending(np.arange(table.utc.size))
    values = table.numbers(forms[0], KWH)
    if forms[0] == "energy_kwh":
        rows, metered = np.arange(table.utc.size), _from_intervals(table, values)
    else:
        rows, metered = np.flatnonzero(np.isfinite(values))[1:], _from_register(table, values)
    _demand_makeable(table, rows, metered, dc_kwp)
    return metered


def _demand_makeable(table: StampedTable, rows: IntArray, metered: Metered, dc_kwp: float) -> None:
    """Raises InvalidInput for the first interval, told in that row of the table, with too much energy."""
    hours = (metered.end_utc - metered.start_utc) / np.timedelta64(1, "ms") / 3.6e6
    most_kwh = MOST_OF_CAPACITY * dc_kwp * hours
    above = metered.energy_kwh > most_kwh
    if not above.any():
        return
    at = int(np.argmax(above))
    raise InvalidInput(
        f"{table.place(int(rows[at]))}: {metered.energy_kwh[at]:,.6g} kWh in {hours[at]:g} h, at most "
        f"{most_kwh[at]:,.4g} kWh are credible ({MOST_OF_CAPACITY:g} x {dc_kwp:g} kWp x time): its unit "
        "may be Wh; give kWh of the whole array, or correct the site file's array"
    )


def _from_intervals(table: StampedTable, energy_kwh: FloatArray) -> Metered:
    step_s = _step_s(table)
    label = table.said.get("interval_label", "")
    if label not in LABELS:
        raise InvalidInput(
            f"{table.path}: it does not say whether its stamps are the start, centre or end of their "
            'interval; begin the file with "# interval_label: end"'
        )
    step = np.timedelta64(round(step_s * 1000.0), "ms")
    start = table.utc - np.timedelta64(round((0.5 - LABELS[label]) * step_s * 1000.0), "ms")
    gaps = np.round(_differences_s(table) / step_s) - 1.0
    return Metered(
        source=str(table.path),
        start_utc=start,
        end_utc=start + step,
        energy_kwh=energy_kwh,
        poa_w_m2=_measured(table, "poa_w_m2"),
        temp_module_c=_measured(table, "temp_module_c"),
        missing_intervals=int(np.sum(gaps)) + int(np.sum(np.isnan(energy_kwh))),
    )


def _measured(table: StampedTable, field: str) -> FloatArray | None:
    """A column of means under any of its names, as in weather; None where there is none."""
    name = next((name for name in COLUMNS[field].names if table.has(name)), None)
    bounds = BOUNDS[field]
    return None if name is None else table.numbers(name, (bounds.low, bounds.high))


def _from_register(table: StampedTable, register_kwh: FloatArray) -> Metered:
    """What it grew by from reading to reading; readings that are missing only make an interval longer.

    Where it fell nobody knows what it counted: the energy of these intervals is unknown.
    """
    if any(_measured(table, field) is not None for field in MEASURED):
        raise InvalidInput(
            f"{table.path}: light and temperature beside register_kwh, whose stamps are of no interval; give "
            "energy_kwh, or poa_global and temp_module in the weather"
        )
    read = np.flatnonzero(np.isfinite(register_kwh))
    if read.size < 2:
        raise InvalidInput(f"{table.path}: {read.size} readings make no energy; give at least 2")
    readings_kwh = register_kwh[read]
    grown_kwh = np.diff(readings_kwh)
    unknown = _unknown_around_falls(readings_kwh)
    return Metered(
        source=str(table.path),
        start_utc=table.utc[read[:-1]],
        end_utc=table.utc[read[1:]],
        energy_kwh=np.where(unknown, np.nan, grown_kwh),
        missing_intervals=int(np.sum(unknown)),
        resets_utc=table.utc[read[1:]][grown_kwh < 0.0],
    )


def _unknown_around_falls(readings_kwh: FloatArray) -> BoolArray:
    """Which of N - 1 intervals between readings (N,) hold a fall, or end in a reading that may be wrong.

    A register that would grow all the way without one reading was not reset there, or not for certain: that
    reading's other interval is unknown too, lest a slip of a logger becomes energy.
    """
    falls = np.diff(readings_kwh) < 0.0
    grows_past = readings_kwh[2:] >= readings_kwh[:-2]
    unknown = falls.copy()
    unknown[:-1] |= falls[1:] & grows_past  # the reading before the fall may have been too high
    unknown[1:] |= falls[:-1] & grows_past  # the one after it too low
    return unknown


def _step_s(table: StampedTable) -> float:
    """The usual time between stamps; none may be shorter."""
    if table.utc.size < 2:
        raise InvalidInput(f"{table.path}: one row does not tell how long its interval is; give at least 2")
    differences_s = _differences_s(table)
    lengths, counts = np.unique(differences_s, return_counts=True)
    step_s = float(lengths[np.argmax(counts)])
    short = differences_s < TOO_SHORT * step_s
    if short.any():
        row = int(np.argmax(short)) + 1
        raise InvalidInput(
            f"{table.place(row)}: {differences_s[row - 1]:g} s after the line before, where intervals are "
            f"{step_s:g} s; give intervals of one length"
        )
    return step_s


def _differences_s(table: StampedTable) -> FloatArray:
    return np.asarray(np.diff(table.utc) / np.timedelta64(1, "ms") / 1000.0, dtype=np.float64)
