"""A comparison as a table for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker.report.headline import headline_of

COLUMNS = ("POA kWh/m2", "AC kWh", "drive kWh", "net kWh", "net kWh/kWp")


def comparison_text(document: Mapping[str, Any]) -> str:
    """The mountings, the gains of the claim's subject, and the answer in one sentence."""
    weather, site = document["weather"], document["site"]
    lines = [
        f"{site['name']}: {weather['source']} ({weather['kind']}), GHI {weather['ghi_kwh_m2']:.0f} kWh/m2",
        *_part_year(document.get("part_year")),
        "",
        _row("mounting", COLUMNS),
    ]
    for row in document["mountings"]:
        per_kwp = row["ac_kwh_per_kwp"] * row["net_kwh"] / row["ac_kwh"]
        numbers = (row["poa_kwh_m2"], row["ac_kwh"], row["drive_kwh"], row["net_kwh"], per_kwp)
        lines.append(_row(row["name"], (f"{number:,.0f}" for number in numbers)))
    lines += ["", _row("gain, net %", ("P50", "P90", "P10"))]
    for gain in document["gains"]:
        percents = (gain["p50_percent"], gain["p90_percent"], gain["p10_percent"])
        lines.append(_row(f"{gain['of']} over {gain['over']}", (f"{percent:+.1f}" for percent in percents)))
    lines += [
        "",
        *(f"Weather: {note}." for note in weather["notes"]),
        *([f"Wind: {document['stow']['says']}."] if "stow" in document else []),
        *_recorded(document.get("recordings")),
        *_production(document.get("production")),
        *_backs(document["models"]),
        *_not_counted(document["not_modelled"]),
    ]
    money = document["break_even"]
    lines += [] if money is None else [money["says"]]
    return "\n".join([*lines, f"{headline_of(document).sentence}."])


def _part_year(part: Mapping[str, Any] | None) -> list[str]:
    """That what was compared is no year, and how it must be read."""
    if part is None:
        return []
    return [f"{part['says']}:", *(f"  {note}." for note in part["notes"])]


def _recorded(recordings: Mapping[str, Any] | None) -> list[str]:
    """What was compared, and what each record leaves open."""
    if recordings is None:
        return []
    steps = recordings["compared_steps"] + recordings["left_out_steps"]
    return [
        f"Compared: {recordings['compared_steps']} of {steps} intervals, those that all records know.",
        *(_record(record) for record in recordings["records"]),
        *(f"{record['name']}: {note}." for record in recordings["records"] for note in record["notes"]),
    ]


def _record(record: Mapping[str, Any]) -> str:
    costs = "" if record["drive_counted"] else "; its moves and standby are not counted"
    return (
        f"{record['name']}: {record['source']}, {record['first_utc']} to {record['last_utc']}, "
        f"{record['unknown_steps']} daylight intervals unknown (silent for more than "
        f"{record['bridged_s'] / 60.0:.0f} min), {record['outside_steps']} outside{costs}."
    )


def _production(production: Mapping[str, Any] | None) -> list[str]:
    """The meter by month: energies, performance ratios, and the name of the difference."""
    if production is None:
        return []
    whole = production["whole"]
    counts = (
        f"{production['counted_intervals']} intervals compared, {production['left_out_intervals']} left out, "
        f"{production['missing_intervals']} missing"
    )
    return [
        _row(f"{production['source']} of {production['of']}", ("metered kWh", "model kWh", "PR", "PR 25 C")),
        *(_period(period) for period in (*production["months"], whole)),
        f"Meter: {whole['says']}. {counts}.",
        *([f"Light: {production['light']['says']}."] if production["light"] else []),
        *(f"Meter: {note}." for note in production["notes"]),
        "",
    ]


def _period(period: Mapping[str, Any]) -> str:
    ratios = (period["performance_ratio"], period["performance_ratio_25c"])
    energies = (period["measured_kwh"], period["modelled_kwh"])
    cells = [f"{kwh:,.0f}" for kwh in energies] + ["-" if r is None else f"{r:.3f}" for r in ratios]
    mark = "" if period["finding"] in ("within", "unknown") else f"   {period['says']}"
    return _row(f"  {period['name']}", cells) + mark


def _backs(models: Mapping[str, Any]) -> list[str]:
    return [f"Backs: bifaciality {models['bifaciality']:g}."] if "bifaciality" in models else []


def _not_counted(names: Sequence[str]) -> list[str]:
    return [f"Not counted: {', '.join(names)}."] if names else []


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:<40}" + "".join(f"{cell:>13}" for cell in cells)
