"""What is wrong in the files of Modbus instruments: a run opens them, a study never looks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tracker.app.config import SiteCheck
from tracker.app.site_file.lines import key_lines
from tracker.app.site_file.problems import Finding, problem
from tracker.errors import InvalidInput
from tracker.named_files import LARGEST_SITE_BYTES, text_of
from tracker.plant import Plant


def with_line_files(found: SiteCheck, site: Path) -> SiteCheck:
    """The check of a site file with the faults of the files that describe its Modbus lines."""
    if found.plant is None:
        return found
    faults = list(_faults(found.plant, site.parent))
    if not faults:
        return found
    lines = key_lines(text_of(site, LARGEST_SITE_BYTES))
    return replace(found, plant=None, problems=tuple(problem(lines, key, says) for key, says in faults))


def _faults(plant: Plant, folder: Path) -> Iterator[Finding]:
    for section, source in {"wind": plant.wind.source, "irradiance": plant.light_source}.items():
        kind, _, place = source.partition(":")
        if kind != "modbus":
            continue
        try:
            _read(folder / place, section)
        except InvalidInput as error:
            yield (section, "source"), f"-> {error}"


def _read(file: Path, section: str) -> None:
    from firmware_bridge.instruments.definition import Kind  # and all of the bridge with it
    from tracker.app.field.modbus_line import read_line

    read_line(file, {"wind": Kind.ANEMOMETER, "irradiance": Kind.IRRADIANCE}[section])
