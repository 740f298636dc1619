"""The rules of a run as JSON in its journal, so that a replay needs nothing but the journal."""

import json
from dataclasses import asdict, fields
from typing import Any, Final

import numpy as np

from calibration import PointingModel
from tracker.aiming.diffuse import SkyTable
from tracker.aiming.facing import AsDrawn
from tracker.aiming.shade_avoidance import AimTable
from tracker.decision.values import DiffuseRules, Rules
from tracker.errors import InvalidInput
from tracker.plant import Horizon, Limits, Safety
from tracker.ports.pointing import Pointing

RANGES: Final = ("azimuth_range_deg", "elevation_range_deg")
NUMBERS: Final = ("dead_band_deg", "settled_deg", "day_starts_deg", "day_ends_deg")
CORNERS: Final = ("azimuth_deg", "elevation_deg")  # of the horizon
AVOIDANCE: Final = ("declination_deg", "hour_deg", "past_sun_deg")
SKY: Final = ("elevation_deg", "clearness", "level_w_m2", "across_w_m2")
DIFFUSE: Final = tuple(part.name for part in fields(DiffuseRules) if part.name != "table")


def rules_to_json(rules: Rules) -> str:
    """Every number of the rules, exactly. Raises ValueError for a pointing that cannot be written down."""
    return json.dumps(
        {
            "limits": asdict(rules.limits),
            "safety": asdict(rules.safety),
            "pointing": _pointing_document(rules.pointing),
            "horizon": _horizon_document(rules.horizon),
            "hidden_for_s": rules.hidden_for_s,
            "avoidance": _avoidance_document(rules.avoidance),
            "diffuse": _diffuse_document(rules.diffuse),
            **{name: getattr(rules, name) for name in NUMBERS},
        },
        sort_keys=True,
    )


def rules_from_json(text: str) -> Rules:
    """The same rules. Raises InvalidInput for a text that `rules_to_json` has not written."""
    try:
        document = json.loads(text)
        limits: dict[str, Any] = {k: tuple(v) if k in RANGES else v for k, v in document["limits"].items()}
        return Rules(
            limits=Limits(**limits),
            safety=Safety(**document["safety"]),
            pointing=_pointing(document["pointing"]),
            **_skyline(document),
            avoidance=_avoidance(document.get("avoidance")),  # journals from before know of none
            diffuse=_diffuse(document["diffuse"]),
            **{name: document[name] for name in NUMBERS},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"the journal's rules cannot be read ({error}); replay it with the version that wrote it"
        ) from error


def _horizon_document(horizon: Horizon | None) -> dict[str, list[float]] | None:
    return None if horizon is None else {name: getattr(horizon, name).tolist() for name in CORNERS}


def _skyline(document: dict[str, Any]) -> dict[str, Any]:
    """The horizon and how long it may hide the sun; journals from before there were horizons hold neither."""
    if "horizon" not in document:
        return {}
    horizon, corners = None, document["horizon"]
    if corners is not None:
        azimuth_deg, elevation_deg = (np.array(corners[name]) for name in CORNERS)
        horizon = Horizon(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    return {"horizon": horizon, "hidden_for_s": document["hidden_for_s"]}


def _avoidance_document(table: AimTable | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {"latitude_deg": table.latitude_deg, **{name: getattr(table, name).tolist() for name in AVOIDANCE}}


def _avoidance(document: dict[str, Any] | None) -> AimTable | None:
    if document is None:
        return None
    arrays = {name: np.array(document[name], dtype=np.float64) for name in AVOIDANCE}
    return AimTable(latitude_deg=document["latitude_deg"], **arrays)


def _diffuse_document(diffuse: DiffuseRules | None) -> dict[str, Any] | None:
    if diffuse is None:
        return None
    table = {name: getattr(diffuse.table, name).tolist() for name in SKY}
    numbers = {name: getattr(diffuse, name) for name in DIFFUSE}
    return {**numbers, "table": {**table, "outside_w_m2": diffuse.table.outside_w_m2}}


def _diffuse(document: dict[str, Any] | None) -> DiffuseRules | None:
    if document is None:
        return None
    given = document["table"]
    arrays = {name: np.array(given[name], dtype=np.float64) for name in SKY}
    table = SkyTable(outside_w_m2=given["outside_w_m2"], **arrays)
    return DiffuseRules(table=table, **{name: document[name] for name in DIFFUSE})


def _pointing_document(pointing: Pointing) -> dict[str, Any]:
    match pointing:
        case AsDrawn():
            return {"kind": "as drawn"}
        case PointingModel():
            return {
                "kind": "terms",
                "terms": pointing.terms,
                "values_deg": np.asarray(pointing.values_deg).tolist(),
            }
    raise ValueError(f"a pointing of type {type(pointing).__name__} cannot be recorded; use a PointingModel")


def _pointing(document: dict[str, Any]) -> Pointing:
    if document["kind"] == "as drawn":
        return AsDrawn()
    return PointingModel(terms=tuple(document["terms"]), values_deg=np.array(document["values_deg"]))
