"""Our block as a SunSpec model definition in JSON, as pysunspec2 and other tools load it."""

import json

from firmware_bridge.dialects.sunspec.points import Model, Point

_HEADER = (
    {"name": "ID", "type": "uint16", "size": 1, "label": "Model ID", "mandatory": "M", "static": "S"},
    {"name": "L", "type": "uint16", "size": 1, "label": "Model length", "mandatory": "M", "static": "S"},
)


def definition_text(model: Model) -> str:
    """The definition of a model, as the text of a file."""
    header = [dict(_HEADER[0], value=model.number), dict(_HEADER[1])]
    trackers = {
        "name": "tracker",
        "type": "group",
        "count": 0,  # as in model 601: as often as fits in the model's length
        "points": [_point(point) for point in model.tracker_points],
    }
    group = {
        "name": model.name,
        "type": "group",
        "label": model.text,
        "points": [*header, *(_point(point) for point in model.points)],
        "groups": [trackers],
    }
    return json.dumps({"id": model.number, "group": group}, indent=1) + "\n"


def _point(point: Point) -> dict[str, object]:
    wanted: dict[str, object] = {
        "name": point.name,
        "type": point.kind,
        "size": point.registers,
        "label": point.text,
        "sf": point.scale,
        "units": point.units,
        "access": "RW" if point.writable else "",
        "symbols": [{"name": name, "value": value} for name, value in point.symbols],
    }
    return {key: value for key, value in wanted.items() if value}
