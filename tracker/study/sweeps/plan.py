"""What a sweep computes: places x variants x mountings, cut into chunks of places."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

import tracker
from tracker.errors import InvalidInput
from tracker.plant import Plant
from tracker.pv import Models
from tracker.study.mountings.by_name import mounting
from tracker.study.provenance import versions
from tracker.study.sweeps.places import Place

Value: TypeAlias = bool | int | float | str
PHYSICS: Final = ("sun", "array", "aiming", "decision", "weather", "pv", "study")
ENGINES: Final = ("numpy", "numba")
GROUND: Final = ("units.py", "frames.py", "plant.py")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variant:
    """One set of parameters, by the site file's keys, and the plant that it makes."""

    values: tuple[tuple[str, Value], ...]
    plant: Plant


@dataclass(frozen=True, kw_only=True, eq=False)  # without slots: the hash is worked out once
class SweepPlan:
    """All of it. `folder` is where paths of weather files begin; it takes no part in the hash."""

    places: tuple[Place, ...]
    variants: tuple[Variant, ...]
    mountings: tuple[str, ...]
    folder: Path
    chunk_places: int
    models: Models

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the plan, the code that computes it and the versions under it, less weather files."""
        return _sha256(
            {
                "places": [asdict(place) for place in self.places],
                "variants": [
                    {"values": each.values, "plant": _physical(each.plant)} for each in self.variants
                ],
                "mountings": self.mountings,
                "chunk_places": self.chunk_places,
                "models": asdict(self.models),
                "code": code_sha256(),
                "versions": versions(),
            }
        )

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self.places) // self.chunk_places)

    @property
    def rows(self) -> int:
        """How many rows the result has."""
        return len(self.places) * len(self.variants) * len(self.mountings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """A piece of the plan that one worker computes alone; `number` counts from 0."""

    number: int
    places: tuple[Place, ...]
    variants: tuple[Variant, ...]
    mountings: tuple[str, ...]
    folder: Path
    models: Models
    code_sha256: str
    inputs_sha256: str


def sweep_plan(
    *,
    places: Sequence[Place],
    variants: Sequence[Variant],
    mountings: Sequence[str],
    folder: Path,
    chunk_places: int,
    models: Models | None = None,
) -> SweepPlan:
    """A checked plan. Raises InvalidInput for unknown or repeated mountings and a horizon away from home."""
    for name in mountings:
        mounting(name)
    if len(set(mountings)) < len(mountings):
        raise InvalidInput(f"a mounting is named twice in {', '.join(mountings)}; drop one")
    if chunk_places < 1:
        raise InvalidInput(f"a chunk of {chunk_places} places; give at least 1")
    plant = variants[0].plant
    if plant.horizon is not None and any(not _at_home(place, plant) for place in places):
        raise InvalidInput("site.horizon is the skyline of one place; take it out to sweep over others")
    return SweepPlan(
        places=tuple(places),
        variants=tuple(variants),
        mountings=tuple(mountings),
        folder=folder,
        chunk_places=chunk_places,
        models=models or Models(),
    )


def chunk_of(plan: SweepPlan, number: int) -> Chunk:
    """One chunk of the plan, with the hash of all that its rows depend on."""
    places = plan.places[number * plan.chunk_places : (number + 1) * plan.chunk_places]
    inputs = [plan.sha256, *([asdict(place), _state(plan.folder, place)] for place in places)]
    return Chunk(
        number=number,
        places=places,
        variants=plan.variants,
        mountings=plan.mountings,
        folder=plan.folder,
        models=plan.models,
        code_sha256=code_sha256(),
        inputs_sha256=_sha256(inputs),
    )


@cache
def code_sha256() -> str:
    """SHA-256 over the source of everything that computes, numpy and numba (or that it is not there).

    A worker that would compute other last digits is told apart by it.
    """
    root = Path(tracker.__path__[0])
    files = [root / name for name in GROUND]
    files += sorted(file for room in PHYSICS for file in (root / room).rglob("*.py"))
    digest = hashlib.sha256("\0".join(f"{name} {_version(name)}" for name in ENGINES).encode())
    for file in files:
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"


def _at_home(place: Place, plant: Plant) -> bool:
    home = plant.site
    return (place.latitude_deg, place.longitude_deg) == (home.latitude_deg, home.longitude_deg)


def _state(folder: Path, place: Place) -> list[int] | None:
    """Size and time of change of a place's weather file; None where the weather is no file."""
    try:
        found = (folder / place.weather).stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _physical(plant: Plant) -> dict[str, object]:
    return {key: value for key, value in asdict(plant).items() if key not in ("bridges", "weather_source")}


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_listed)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _listed(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no place in a hash; turn it into numbers or text first")
