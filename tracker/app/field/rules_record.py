"""The rules of a run as JSON in its journal, so that a replay needs nothing but the journal."""

import json
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from calibration import PointingModel
from tracker.aiming.facing import AsDrawn
from tracker.decision.values import Rules
from tracker.errors import InvalidInput
from tracker.plant import Limits, Safety
from tracker.ports.pointing import Pointing

RANGES: Final = ("azimuth_range_deg", "elevation_range_deg")
NUMBERS: Final = ("dead_band_deg", "settled_deg", "day_starts_deg", "day_ends_deg")


def rules_to_json(rules: Rules) -> str:
    """Every number of the rules, exactly. Raises ValueError for a pointing that cannot be written down."""
    return json.dumps(
        {
            "limits": asdict(rules.limits),
            "safety": asdict(rules.safety),
            "pointing": _pointing_document(rules.pointing),
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
            **{name: document[name] for name in NUMBERS},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"the journal's rules cannot be read ({error}); replay it with the version that wrote it"
        ) from error


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
