"""A plant as named arrays and back, whatever fields its parts have: to be kept without pickling anything."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

import numpy as np

from tracker import plant as ground
from tracker.array_file import Arrays
from tracker.plant import Plant

PLANT: Final = "plant"  # the array that holds the JSON text; every other one is named in it
PLAIN: Final = frozenset({bool, int, float, str, type(None)})
PARTS: Final[Mapping[str, Any]] = {name: part for name, part in vars(ground).items() if is_dataclass(part)}
MANY: Final[Mapping[str, Any]] = {"list": list, "tuple": tuple}
ARRAY, MAPPING = "array", "mapping"


class CannotBeKeptError(Exception):
    """There is something in a plant, or in a copy, that this code knows nothing of."""


def arrays_of(plant: Plant) -> Arrays:
    """The plant as arrays, to the bit. Raises CannotBeKeptError."""
    arrays: Arrays = {}
    told = json.dumps(_told(plant, arrays))
    return {PLANT: np.array(told), **arrays}


def plant_of(arrays: Arrays) -> Plant:
    """The plant that `arrays_of` made arrays of. Raises CannotBeKeptError for others."""
    try:
        plant = _made(json.loads(arrays[PLANT].item()), arrays)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotBeKeptError(f"no plant: {error}") from error
    if not isinstance(plant, Plant):
        raise CannotBeKeptError(f"a {type(plant).__name__} is no plant")
    return plant


def _told(value: object, arrays: Arrays) -> object:
    """A value as JSON: what JSON has as it is, everything else as {its kind: what is in it}."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, np.ndarray):
        name = str(len(arrays))
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, list | tuple) and kind.__name__ in MANY:
        return {kind.__name__: [_told(part, arrays) for part in value]}
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return {MAPPING: {key: _told(part, arrays) for key, part in value.items()}}
    if PARTS.get(kind.__name__) is kind:
        names = (field.name for field in fields(PARTS[kind.__name__]))
        return {kind.__name__: {name: _told(getattr(value, name), arrays) for name in names}}
    raise CannotBeKeptError(f"a {kind.__name__} has no form in a copy")


def _made(told: Any, arrays: Arrays) -> object:
    if not isinstance(told, dict):
        return told
    ((kind, content),) = told.items()
    if kind == ARRAY:
        return arrays[content]
    if kind in MANY:
        return MANY[kind](_made(part, arrays) for part in content)
    parts = {name: _made(part, arrays) for name, part in content.items()}
    return parts if kind == MAPPING else PARTS[kind](**parts)
