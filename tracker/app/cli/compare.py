"""sunflower compare: what is the tracking worth against fixed mounting, over a year."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tracker.app.cli.border import AsJson, SiteFile, after_the_answer, files_of, refuse_over_input
from tracker.app.cli.words import option
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.operations.compare import Evidence
    from tracker.plant import Plant
    from tracker.report.tables import ReportTables

WeatherOption = Annotated[
    str | None, option("--weather", says="Weather file or climate:NAME, instead of the site file's.")
]
ReportFile = Annotated[Path | None, option("--report", says="Write the HTML report to this file.")]
DataFolder = Annotated[
    Path | None, option("--data", says="Write the figures' numbers (CSV, JSON, Parquet) here.")
]
Recorded = Annotated[
    list[str] | None,
    option(
        "--recorded",
        metavar="PATH[=NAME]",
        says="Where heads really looked: a CSV (utc, azimuth_deg, elevation_deg) or a journal; repeatable.",
    ),
]
AnyYear = Annotated[
    bool,
    option("--recorded-any-year", says="Put records and meters under weather of another year, by date."),
]
ProductionFile = Annotated[
    Path | None,
    option("--production", says="Metered energy: a CSV (utc, energy_kwh or register_kwh)."),
]
ProductionOf = Annotated[
    str | None,
    option("--production-of", says="Row that the meter is held against [recorded, or sunflower]."),
]
RequireClaim = Annotated[
    bool, option("--require-claim", says="Exit with 1 unless the site file's claim is supported.")
]


def compare(
    site: SiteFile,
    weather: WeatherOption = None,
    report: ReportFile = None,
    data: DataFolder = None,
    recorded: Recorded = None,
    production: ProductionFile = None,
    production_of: ProductionOf = None,
    recorded_any_year: AnyYear = False,
    require_claim: RequireClaim = False,
    as_json: AsJson = False,
) -> None:
    """Compare the mountings of a site over its weather, in kWh, and test the claim."""
    from tracker.app.output import emit, progress
    from tracker.app.shade_talk import keep_shade_told
    from tracker.app.site_file.kept import kept_site
    from tracker.errors import CheckFailed
    from tracker.operations.compare import answer_for, weather_for

    plant = kept_site(site)
    evidence = _evidence(plant, recorded or [], production, production_of, any_year=recorded_any_year)
    read = [*files_of(site), Path(weather or plant.weather_source)]
    read += [Path(recording.source) for recording in evidence.recordings]
    read += [] if production is None else [production]
    if report is not None:
        refuse_over_input(report, *read)
    if "sunflower" in plant.comparison.mountings:
        keep_shade_told(plant)
    with progress("Comparing", total=1.0):
        found = weather_for(plant, weather)
        options: dict[str, Sequence[str | Path | None]] = {
            "--weather": [weather],
            "--recorded": recorded or [],
            "--production": [production],
            "--production-of": [production_of],
        }
        again = _again(site, options, any_year=recorded_any_year)
        answer = answer_for(plant, found, commands=(again,), evidence=evidence)
    if report is not None or data is not None:
        from tracker.app.sun_path import with_paths

        _write(report, data, answer.document, with_paths(answer.tables, plant, found), read)
    emit(answer.document, as_json=as_json, text="" if as_json else _text(answer.document))
    if require_claim and answer.comparison.claim.verdict != "supported":
        raise after_the_answer(CheckFailed(f"claim: {answer.comparison.claim.says}"))


def _write(
    report: Path | None,
    data: Path | None,
    document: Mapping[str, Any],
    tables: "ReportTables",
    read: Sequence[Path],
) -> None:
    """The report and its figures' numbers; InvalidInput, and nothing written, over a file that was read."""
    from tracker.app.figure_files import figure_files, write_figure_data
    from tracker.app.output import tell, write_atomically
    from tracker.report import render_comparison
    from tracker.report.page import figures_of

    figures = tuple(figures_of(document, tables).values())
    for file in [] if data is None else figure_files(data, figures):
        refuse_over_input(file, *read)
    if report is not None:
        write_atomically(report, render_comparison(document, tables))
        tell(f"Report: {report}")
    if data is not None:
        write_figure_data(data, figures)
        tell(f"Numbers of the figures: {data}")


def _text(document: Mapping[str, Any]) -> str:
    from tracker.app.text.comparison import comparison_text  # and the report's values, for people only

    return comparison_text(document)


def _evidence(
    plant: "Plant", recorded: Sequence[str], production: Path | None, of: str | None, *, any_year: bool
) -> "Evidence":
    """What was recorded and metered; its readers load pandas, so only where there is something to read."""
    from tracker.operations.compare import NO_EVIDENCE, Evidence

    if production is None and of is not None:
        raise InvalidInput(f"--production-of {of}: nothing to hold against it; give --production FILE")
    if not recorded and production is None:
        return NO_EVIDENCE
    from tracker.app.meter import read_meter
    from tracker.app.recordings import read_recording
    from tracker.study.result import capacity_kwp

    return Evidence(
        recordings=tuple(read_recording(given, plant.array) for given in recorded),
        metered=None if production is None else read_meter(production, capacity_kwp(plant)),
        metered_row=of,
        any_year=any_year,
    )


def _again(site: Path, options: Mapping[str, Sequence[str | Path | None]], *, any_year: bool) -> str:
    given = ((name, value) for name, values in options.items() for value in values if value is not None)
    words = [f"{name} {shlex.quote(str(value))}" for name, value in given]
    return " ".join(["sunflower compare", str(site), *words, *(["--recorded-any-year"] if any_year else [])])
