"""A parsed TOML document as validated sections, as values that are whole, and as problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from tracker.app.site_file.lines import KeyPath
from tracker.app.site_file.problems import Problem, problem, section_problems, unknown_key, value_text
from tracker.app.site_file.schema import OPTIONAL, REPEATED, SECTIONS, Section

Lines: TypeAlias = Mapping[KeyPath, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRead:
    """One table: the section with defaults in place of broken keys, the keys that are broken, and why."""

    section: Section
    broken: frozenset[str]
    problems: tuple[Problem, ...]


def unknown_sections(document: Mapping[str, Any], lines: Lines) -> list[Problem]:
    """Tables and keys at the top that the schema lacks."""
    return [problem(lines, (name,), unknown_key(name, SECTIONS)) for name in document if name not in SECTIONS]


def read_sections(document: Mapping[str, Any], lines: Lines) -> dict[str, tuple[SectionRead, ...]]:
    """Every section of the schema by name, as often as the document holds it; once where it must be."""
    return {
        name: _repeated(document, name, lines)
        if name in REPEATED
        else (_section(document.get(name, {}), name, (name,), lines),)
        for name in SECTIONS
    }


def whole_values(read: Mapping[str, tuple[SectionRead, ...]]) -> dict[str, Any]:
    """Values of unbroken keys as section.key, and repeated sections where all their tables are whole."""
    values: dict[str, Any] = {
        f"{name}.{key}": getattr(table.section, key)
        for name, tables in read.items()
        if name not in REPEATED
        for table in tables
        for key in SECTIONS[name].model_fields
        if key not in table.broken
    }
    repeated = {name: read[name] for name in REPEATED if not any(table.problems for table in read[name])}
    return values | {name: tuple(table.section for table in tables) for name, tables in repeated.items()}


def _repeated(document: Mapping[str, Any], name: str, lines: Lines) -> tuple[SectionRead, ...]:
    tables = document.get(name, [] if name in OPTIONAL else [{}])
    if not isinstance(tables, list) or not (tables or name in OPTIONAL):
        says = f"is written [[{name}]] on a line, then its keys; once or more often"
        return (_nothing(name, problem(lines, (name,), says)),)
    return tuple(_section(table, name, (name, number), lines) for number, table in enumerate(tables))


def _section(table: Any, name: str, at: KeyPath, lines: Lines) -> SectionRead:
    model = SECTIONS[name]
    if not isinstance(table, dict):
        says = f"= {value_text(table)} is not a table; write [{name}] on a line, then its keys"
        return _nothing(name, problem(lines, at, says))
    try:
        return SectionRead(section=model.model_validate(table), broken=frozenset(), problems=())
    except ValidationError as error:
        broken = frozenset(str(fault["loc"][0]) for fault in error.errors(include_url=False))
        kept = {key: value for key, value in table.items() if key not in broken}
        problems = tuple(section_problems(error, model, at, lines))
        return SectionRead(section=model.model_validate(kept), broken=broken, problems=problems)


def _nothing(name: str, found: Problem) -> SectionRead:
    return SectionRead(
        section=SECTIONS[name](), broken=frozenset(SECTIONS[name].model_fields), problems=(found,)
    )
