"""Modules and inverters by name, from the tables of NREL's SAM that pvlib carries along.

The tables are read as text: pvlib itself and pandas would take half a second to start.
"""

import csv
import difflib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from tracker.errors import InvalidInput

MODULES: Final = "sam-library-cec-modules-*.csv"
INVERTERS: Final = "sam-library-cec-inverters-*.csv"
NEAREST: Final = 3
SEPARATORS: Final = str.maketrans(' -.()[]:+/",', "____________")  # pvlib's spelling of names
ProductRow: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CecModule:
    """A module of the CEC table: the single-diode parameters at 1000 W/m2 and 25 C (Dobos 2012)."""

    name: str
    photocurrent_a: float
    saturation_a: float
    series_ohm: float
    shunt_ohm: float
    scale_v: float  # ideality factor times cells in series times thermal voltage
    current_a_per_c: float  # short-circuit current's temperature coefficient, adjustment included
    max_power_v: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SandiaInverter:
    """An inverter of the CEC table: parameters of King et al. (2007), SAND2007-5036, eq. 1 to 5."""

    name: str
    rated_ac_w: float
    rated_dc_w: float
    rated_v: float
    start_w: float
    curvature_per_w: float
    dc_per_v: float
    start_per_v: float
    curvature_per_v: float
    night_w: float


@cache
def module_named(name: str) -> CecModule:
    """The module of that name, spelt as in the table or as pvlib does; resolved once a process.

    Raises InvalidInput for an unknown name, with the nearest ones and the table's place.
    """
    row = _row(MODULES, name, "module")
    alpha_a_per_c, adjust_percent = float(row["alpha_sc"]), float(row["Adjust"])
    return CecModule(
        name=row["Name"],
        photocurrent_a=float(row["I_L_ref"]),
        saturation_a=float(row["I_o_ref"]),
        series_ohm=float(row["R_s"]),
        shunt_ohm=float(row["R_sh_ref"]),
        scale_v=float(row["a_ref"]),
        current_a_per_c=alpha_a_per_c * (1.0 - adjust_percent / 100.0),
        max_power_v=float(row["V_mp_ref"]),
    )


@cache
def inverter_named(name: str) -> SandiaInverter:
    """The inverter of that name; everything else as for `module_named`."""
    row = _row(INVERTERS, name, "inverter")
    return SandiaInverter(
        name=row["Name"],
        rated_ac_w=float(row["Paco"]),
        rated_dc_w=float(row["Pdco"]),
        rated_v=float(row["Vdco"]),
        start_w=float(row["Pso"]),
        curvature_per_w=float(row["C0"]),
        dc_per_v=float(row["C1"]),
        start_per_v=float(row["C2"]),
        curvature_per_v=float(row["C3"]),
        night_w=float(row["Pnt"]),
    )


def _row(table: str, name: str, kind: str) -> ProductRow:
    path = _table(table)
    wanted = name.translate(SEPARATORS)
    with path.open(newline="", encoding="utf-8") as file:
        header, _, _, *rows = csv.reader(file)  # units and SAM's own names stand below the header
    known = []
    for row in rows:
        spelt = row[0].translate(SEPARATORS)
        if spelt == wanted:
            return dict(zip(header, row, strict=True))
        known.append(spelt)
    nearest = difflib.get_close_matches(wanted, known, n=NEAREST, cutoff=0.0)
    raise InvalidInput(
        f"{kind} {name!r} is not among the {len(known)} of {path}; nearest: {', '.join(nearest)}; "
        "give a name of its first column"
    )


def _table(pattern: str) -> Path:
    spec = importlib.util.find_spec("pvlib")
    places = () if spec is None else spec.submodule_search_locations or ()
    found = sorted(file for place in places for file in (Path(place) / "data").glob(pattern))
    if not found:
        raise InvalidInput(f"no {pattern} in pvlib's data folder; install pvlib anew, with its data")
    return found[-1]
