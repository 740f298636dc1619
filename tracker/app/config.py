"""The site file: TOML text in, a frozen plant out, or every error at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tracker.app.site_file.checks import CHECKS, NOTES, findings
from tracker.app.site_file.checks_hardware import swept_radius_m
from tracker.app.site_file.lines import key_lines
from tracker.app.site_file.plant import Sections, build_plant, place_heads, site_of, skyline_of
from tracker.app.site_file.problems import Problem, problem
from tracker.app.site_file.schema import REPEATED, ArraySection, SiteSection
from tracker.app.site_file.sections import Lines, SectionRead, read_sections, unknown_sections, whole_values
from tracker.array import disk_radius_m
from tracker.errors import InvalidInput, InvalidSite
from tracker.named_files import LARGEST_SITE_BYTES, content_of
from tracker.plant import Head, Plant, Site

SYNTAX_PLACE: Final = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCheck:
    """What a site file came to: the plant (None if there are problems), problems, and notes to know."""

    plant: Plant | None
    layout: str
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def load_site(path: Path) -> Plant:
    """The plant that a site file describes; raises InvalidSite with every error in it."""
    return plant_of(check_site(path), str(path))


def default_plant() -> Plant:
    """The plant of an empty site file: every default."""
    return plant_of(check_site_text("", Path()), "the defaults")


def site_at(latitude_deg: float, longitude_deg: float, altitude_m: float) -> Site:
    """A place without a site file; raises InvalidInput for coordinates out of the schema's bounds."""
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg, "altitude_m": altitude_m}
    read = read_sections({"site": {**place, "name": "unnamed", "timezone": "UTC"}}, {})["site"][0]
    if read.problems:
        raise InvalidInput("\n".join(str(found) for found in read.problems))
    return site_of(cast("SiteSection", read.section))


def plant_of(check: SiteCheck, place: str) -> Plant:
    """The plant of a check without problems; raises InvalidSite with all of them otherwise."""
    if check.plant is None:
        raise InvalidSite(place, tuple(str(found) for found in check.problems))
    return check.plant


def check_site(path: Path) -> SiteCheck:
    """Look at a site file as a whole; raises InvalidSite only if there is no text to look at."""
    return check_site_text(_text(path), path.parent)


def check_site_text(text: str, folder: Path) -> SiteCheck:
    """Look at a site file's text; files that it names are looked for from the folder."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return SiteCheck(plant=None, layout="", problems=(_syntax_problem(str(error), text),), notes=())
    lines = key_lines(text)
    read = read_sections(document, lines)
    values = whole_values(read) | {"folder": folder, "given": document}
    problems = unknown_sections(document, lines)
    problems += [found for tables in read.values() for table in tables for found in table.problems]
    problems += _stand_heads(read, values, lines)
    problems += _look_around(read["site"][0], values, lines)
    problems += [problem(lines, path, says) for path, says in findings(CHECKS, values)]
    whole = not problems
    return SiteCheck(
        plant=build_plant(_whole(read), values["feet"], values["skyline"], folder) if whole else None,
        layout=values.get("array.layout", ""),
        problems=tuple(sorted(problems, key=lambda found: (found.line is None, found.line or 0))),
        notes=tuple(problem(lines, path, says) for path, says in findings(NOTES, values)),
    )


def _stand_heads(
    read: Mapping[str, tuple[SectionRead, ...]], values: dict[str, Any], lines: Lines
) -> list[Problem]:
    """Add the head's radii and the feet to the values where their sections are whole, or say why not."""
    array, head = read["array"][0], read["head"][0]
    if head.problems:
        return []
    radius_m = disk_radius_m(Head(**head.section.model_dump()))
    values["disk_radius_m"] = radius_m
    values["swept_radius_m"] = swept_radius_m(radius_m, values["head.panel_offset_m"])
    if array.problems or (values["array.layout"] == "survey" and values["array.survey"] is None):
        return []
    try:
        values["feet"] = place_heads(
            cast("ArraySection", array.section), values["swept_radius_m"], values["folder"]
        )
    except InvalidInput as error:
        return [problem(lines, ("array", "survey"), f"-> {fault}") for fault in str(error).splitlines()]
    return []


def _look_around(site: SectionRead, values: dict[str, Any], lines: Lines) -> list[Problem]:
    """Add the skyline to the values, None where the site names none, or say why not."""
    try:
        values["skyline"] = skyline_of(cast("SiteSection", site.section), values["folder"])
    except InvalidInput as error:
        return [problem(lines, ("site", "horizon"), f"-> {error}")]
    return []


def _whole(read: Mapping[str, tuple[SectionRead, ...]]) -> Sections:
    sections: dict[str, Any] = {
        name: tuple(table.section for table in tables) if name in REPEATED else tables[0].section
        for name, tables in read.items()
    }
    return Sections(**sections)


def _syntax_problem(message: str, text: str) -> Problem:
    place = SYNTAX_PLACE.search(message)
    line = int(place[1]) if place else text.count("\n") + 1
    says = SYNTAX_PLACE.sub(r" (column \2)", message)
    return Problem(line=line, key="TOML", says=f"cannot be read: {says}; correct this line first")


def _text(path: Path) -> str:
    try:
        data = content_of(path, LARGEST_SITE_BYTES)
    except OSError as error:
        hint = "name a file, or write one with: sunflower init PATH"
        raise InvalidSite(str(path), (f"cannot be read: {error.strerror}; {hint}",)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = (
            f"line {line}: byte {error.start} is not UTF-8 text: this is no site file, or save it as UTF-8"
        )
        raise InvalidSite(str(path), (fault,)) from error
