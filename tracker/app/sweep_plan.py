"""The plan of a sweep from a site file, its [sweep] table and the command line."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.app.config import check_site_text, plant_of
from tracker.errors import InvalidInput
from tracker.named_files import LARGEST_SITE_BYTES, text_of
from tracker.plant import Plant
from tracker.study.sweeps.grid import grid_places, parse_grid
from tracker.study.sweeps.places import Place, parse_places, place_of
from tracker.study.sweeps.plan import SweepPlan, Value, Variant, sweep_plan
from tracker.study.sweeps.site_weather import CLEAR_SKY, MOVED
from tracker.weather.source_names import CLIMATE_PREFIX, is_file

TABLE: Final = "sweep"
HEADER: Final = re.compile(r"\s*\[+\s*([\w.\"-]+)\s*\]+\s*(#.*)?$")
COMPILED: Final = frozenset(  # where a site takes a millisecond or two (`tracker.study.sweeps.short_way`)
    {"flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How places are cut into chunks: as many of them at most, and into as many chunks at least.

    Chosen: seconds of work at most, so much is lost with a crash; enough chunks for all cores to be busy to
    the end; and no chunk so small that handing it out (15 ms on a cluster) takes longer than to compute it.
    """

    most_places: int
    fewest_chunks: int


SLOW: Final = Cut(most_places=20, fewest_chunks=50)
QUICK: Final = Cut(most_places=200, fewest_chunks=10)
LARGEST_TABLE_BYTES: Final = 64 * 1024 * 1024  # chosen: a million sites
MOST_VARIANTS: Final = 10_000


class SweepTable(BaseModel):
    """The table [sweep] of a plan file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sites: str | None = None
    grid: str | None = None
    weather: str | None = None
    mountings: list[str] | None = Field(default=None, min_length=1)
    set: dict[str, list[bool | int | float | str]] = Field(default_factory=dict)
    chunk: int | None = Field(default=None, ge=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line adds; None leaves it to the file."""

    sites: Path | None
    grid: str | None
    weather: str | None
    mountings: tuple[str, ...] | None
    settings: tuple[str, ...]
    chunk: int | None


def plan_from(file: Path, asked: Asked) -> SweepPlan:
    """The plan; raises InvalidInput with the place and the next action for whatever is wrong."""
    text = _text(file, LARGEST_SITE_BYTES)
    plant = plant_of(check_site_text(_without_table(text), file.parent), str(file))
    table = _table(file, tomllib.loads(text).get(TABLE, {}))
    settings = {**table.set, **dict(_setting(each) for each in asked.settings)}
    grid = asked.grid or (None if asked.sites else table.grid)
    sites = asked.sites or (None if table.sites is None or grid else file.parent / table.sites)
    if sites is not None and grid is not None:
        raise InvalidInput("both a table of sites and a grid are given; drop one of them")
    places = _places(sites, grid, asked.weather or table.weather, plant)
    mountings = asked.mountings or tuple(table.mountings or plant.comparison.mountings)
    folder = (file if sites is None else sites).resolve().parent
    _demand_weather(places, folder, sites or file)
    return sweep_plan(
        places=places,
        variants=_variants(file, text, plant, settings),
        mountings=mountings,
        folder=folder,
        chunk_places=asked.chunk or table.chunk or _chunk(len(places), mountings),
    )


def _chunk(places: int, mountings: tuple[str, ...]) -> int:
    """Places a chunk, by what is asked for alone, so that a plan is the same on every machine."""
    cut = QUICK if COMPILED.issuperset(mountings) else SLOW
    return max(1, min(cut.most_places, places // cut.fewest_chunks))


def _text(file: Path, most_bytes: int) -> str:
    try:
        return text_of(file, most_bytes)
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise InvalidInput(f"{file}: cannot be read: {says}; name a site file or a plan") from error


def _table(file: Path, table: object) -> SweepTable:
    try:
        return SweepTable.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (TABLE, *first["loc"][:2]))
        known = ", ".join(SweepTable.model_fields)
        raise InvalidInput(f"{file}: {key}: {first['msg']}; [{TABLE}] has the keys {known}") from error


def _without_table(text: str) -> str:
    """The text with the lines of [sweep] empty, so that the others keep their numbers."""
    kept, inside = [], False
    for line in text.splitlines():
        if found := HEADER.match(line):
            inside = found[1].split(".")[0] == TABLE
        kept.append("" if inside else line)
    return "\n".join(kept)


def _setting(given: str) -> tuple[str, list[Value]]:
    """KEY=V,V,... with values as in TOML; what is none is text."""
    key, equals, values = given.partition("=")
    if not (key and equals and values):
        raise InvalidInput(f"--set {given}: give KEY=VALUE,VALUE such as array.spacing_m=6,7,8")
    return key.strip(), [_value(each.strip()) for each in values.split(",")]


def _value(text: str) -> Value:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float) else text


def _places(sites: Path | None, grid: str | None, weather: str | None, plant: Plant) -> Sequence[Place]:
    if grid is not None:
        return grid_places(parse_grid(grid), weather or _moved(plant.weather_source))
    if sites is not None:
        return parse_places(
            _text(sites, LARGEST_TABLE_BYTES), origin=str(sites), weather=weather or plant.weather_source
        )
    return (place_of(plant.site, weather or plant.weather_source),)


def _demand_weather(places: Sequence[Place], folder: Path, origin: Path) -> None:
    """Every file that is named must be there before the first site is computed."""
    files = {place.weather: place.name for place in reversed(places) if _is_file(place.weather)}
    missing = [
        (name, file) for file, name in files.items() if not (folder / Path(file).expanduser()).exists()
    ]
    if missing:
        told = "\n".join(
            f"{origin}, place {name}: weather {file}: no such file" for name, file in missing[::-1]
        )
        raise InvalidInput(f"{told}\ncorrect the path, which begins at {folder}")


def _is_file(weather: str) -> bool:
    return weather != CLEAR_SKY and not weather.startswith(MOVED) and is_file(weather)


def _moved(source: str) -> str:
    """What a site's weather is for the places of a grid."""
    if not source.startswith(CLIMATE_PREFIX):
        raise InvalidInput(
            f"{source} is the weather of one place; give --weather clear-sky or moved-climate:NAME for a grid"
        )
    return MOVED + source.removeprefix(CLIMATE_PREFIX)


def _variants(
    file: Path, text: str, plant: Plant, settings: Mapping[str, Sequence[Value]]
) -> tuple[Variant, ...]:
    """Every combination of the settings, the last one changing fastest."""
    combinations = [tuple(zip(settings, values, strict=True)) for values in product(*settings.values())]
    if len(combinations) > MOST_VARIANTS:
        raise InvalidInput(f"{len(combinations):,} combinations of parameters; at most {MOST_VARIANTS:,}")
    if not settings:
        return (Variant(values=(), plant=plant),)
    return tuple(Variant(values=values, plant=_changed(file, text, values)) for values in combinations)


def _changed(file: Path, text: str, values: Sequence[tuple[str, Value]]) -> Plant:
    document = tomllib.loads(text)
    document.pop(TABLE, None)
    for key, value in values:
        section, dot, name = key.partition(".")
        if not dot or not isinstance(document.setdefault(section, {}), dict):
            raise InvalidInput(f"--set {key}: give SECTION.KEY of the site file, such as array.spacing_m")
        document[section][name] = value
    check = check_site_text(_toml(document), file.parent)
    if check.plant is None:
        told = ", ".join(f"{key} = {value}" for key, value in values)
        says = "\n".join(f"  {found.key}: {found.says}" for found in check.problems)
        raise InvalidInput(f"{file} with {told}:\n{says}")
    return check.plant


def _toml(document: Mapping[str, Any]) -> str:
    """A site file's document as text again: tables, and tables that repeat."""
    lines: list[str] = []
    for section, tables in document.items():
        many = isinstance(tables, list)
        for table in tables if many else [tables]:
            lines.append(f"[[{section}]]" if many else f"[{section}]")
            lines += [f"{key} = {_inline(value)}" for key, value in table.items()]
    return "\n".join(lines)


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_inline(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(part) for part in value) + "]"
    return json.dumps(value)
