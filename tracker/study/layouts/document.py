"""A layout study as the document of `sunflower layout --json`."""

from dataclasses import asdict
from typing import Final

from tracker.study.comparison_json import JsonValue
from tracker.study.layouts.notes import notes_on
from tracker.study.layouts.study import LayoutStudy

SCHEMA: Final = "sunflower.layout/1"


def layout_document(study: LayoutStudy) -> dict[str, JsonValue]:
    """The whole document from plain values, ready for json.dumps; energies over the weather's series."""
    weather = study.weather
    return {
        "schema": SCHEMA,
        "inputs_sha256": study.inputs_sha256,
        "site": asdict(study.site),
        "weather": {
            "source": weather.source,
            "kind": weather.kind,
            "ghi_kwh_m2": weather.energy_kwh_m2(weather.ghi_w_m2),
            "dni_kwh_m2": weather.energy_kwh_m2(weather.dni_w_m2),
            "dhi_kwh_m2": weather.energy_kwh_m2(weather.dhi_w_m2),
            "steps": int(weather.utc.size),
            "filled_steps": weather.filled_steps,
        },
        "avoid_shade": study.plan.avoid_shade,
        "patterns": [_row(study, index) for index in range(len(study.yields))],
        "best_for_area": _best(study),
        "notes": list(notes_on(study.plan)),
    }


def _row(study: LayoutStudy, index: int) -> dict[str, JsonValue]:
    row = study.yields[index]
    return {
        "pattern": row.field.pattern,
        "spacing_m": row.field.spacing_m,
        "heads": row.heads,
        "land_m2": row.field.land_m2,
        "ground_cover_ratio": row.ground_cover_ratio,
        "beam_lost_percent": row.beam_lost_percent,
        "diffuse_lost_percent": row.diffuse_lost_percent,
        "net_kwh": row.net_kwh,
        "net_kwh_per_head": row.net_kwh_per_head,
        "net_kwh_per_kwp": row.net_kwh_per_kwp,
        "net_kwh_per_m2_land": row.net_kwh_per_m2_land,
        "marginal_kwh_per_head": study.marginal_kwh[index],
        "pareto": study.pareto[index],
    }


def _best(study: LayoutStudy) -> JsonValue:
    return None if study.best is None else {"area_m2": study.plan.area_m2, **_row(study, study.best)}
