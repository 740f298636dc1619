"""sunflower sweep: many sites, mountings and parameters, on this machine or a cluster."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tracker.app.cli.border import AsJson, files_of, refuse_over_input
from tracker.app.cli.words import argument, option
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.operations.sweep import Compute, SweepRun
    from tracker.study.sweeps.plan import SweepPlan

MODULES_OF_FLEET = ("pyarrow", "dask", "distributed")


Plan = Annotated[Path, argument(metavar="PLAN", says="Site file; a table [sweep] in it may say the rest.")]
Out = Annotated[Path, option("--out", metavar="DIR", says="Folder for the rows and what they are of.")]
Sites = Annotated[
    Path | None,
    option("--sites", metavar="CSV", says="name, latitude_deg, longitude_deg, altitude_m, weather."),
]
Grid = Annotated[
    str | None,
    option("--grid", metavar="LAT,LON", says="Sites instead: FROM:TO:STEP,FROM:TO:STEP in deg."),
]
WeatherOption = Annotated[
    str | None,
    option("--weather", says="Of sites without their own: a file, clear-sky, moved-climate:NAME."),
]
Mountings = Annotated[list[str] | None, option("--mounting", says="May be repeated [the site file's].")]
Settings = Annotated[
    list[str] | None,
    option("--set", metavar="KEY=V,V", says="Values of a key of the site file; may be repeated."),
]
ChunkSites = Annotated[
    int | None,
    option(
        "--chunk",
        least=1,
        says="Sites a worker computes at a time [a 50th, 20 at most; compiled ones a 10th, 200].",
    ),
]
Jobs = Annotated[int | None, option("--jobs", least=1, says="Processes on this machine [one a core].")]
Scheduler = Annotated[
    str | None,
    option("--scheduler", metavar="ADDRESS", says="Dask cluster to use instead, tcp://host:8786."),
]
ReportFile = Annotated[
    Path | None, option("--report", says="Write a page with a map and curves to this file.")
]


def sweep(
    plan: Plan,
    out: Out,
    sites: Sites = None,
    grid: Grid = None,
    weather: WeatherOption = None,
    mounting: Mountings = None,
    settings: Settings = None,
    chunk: ChunkSites = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    report: ReportFile = None,
    as_json: AsJson = False,
) -> None:
    """Yield of many sites, mountings and parameters, into Parquet; begun again, it goes on where it was."""
    _demand_fleet()
    if scheduler is None and jobs != 1:
        _begin_to_load()

    from tracker.app.sweep_plan import Asked, plan_from

    asked = Asked(
        sites=sites,
        grid=grid,
        weather=weather,
        mountings=tuple(mounting) if mounting else None,
        settings=tuple(settings or ()),
        chunk=chunk,
    )
    work = plan_from(plan, asked)
    if report is not None:
        weathers = {place.weather for place in work.places}
        read = [*files_of(plan), *([sites] if sites else []), *(work.folder / each for each in weathers)]
        refuse_over_input(report, *read)
    run = _run(work, out, _compute(work.chunks, jobs, scheduler))
    _tell(work, run, report, as_json=as_json)


def _run(work: "SweepPlan", out: Path, compute: "Compute") -> "SweepRun":
    from tracker.app.output import progress, tell, write_atomically, writing
    from tracker.operations.sweep import run_sweep

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    try:
        with progress("Sweeping", total=1.0) as done:
            return run_sweep(work, out, compute, write_atomically, done)
    except KeyboardInterrupt:
        tell(f"what is finished is kept in {out}; to go on, give the same command again")
        raise


def _tell(work: "SweepPlan", run: "SweepRun", report: Path | None, *, as_json: bool) -> None:
    from tracker.app.output import emit, tell, write_atomically
    from tracker.app.text.sweep import sweep_text
    from tracker.operations.sweep import sweep_document, sweep_table

    table = sweep_table(work, run.out)
    document = sweep_document(work, run, table)
    if report is not None:
        from tracker.report.sweep_page import render_sweep

        write_atomically(report, render_sweep(document, table))
        tell(f"Report: {report}")
    emit(document, as_json=as_json, text=sweep_text(document))


def _compute(chunks: int, jobs: int | None, scheduler: str | None) -> "Compute":
    """Where chunks are computed."""
    if scheduler is not None and jobs is not None:
        raise InvalidInput("--jobs is of this machine, --scheduler of another; give one of them")
    if scheduler is not None:
        from tracker.study.sweeps.cluster import on_cluster

        return partial(on_cluster, address=scheduler)
    from tracker.study.sweeps.local import cores, on_cores

    return partial(on_cores, jobs=min(jobs or cores(), chunks))


def _begin_to_load() -> None:
    """Let the process that workers are copies of load the code, while this one does the same."""
    from multiprocessing import forkserver, get_context

    get_context("forkserver").set_forkserver_preload(["__main__", "tracker.study.sweeps.loaded"])
    forkserver.ensure_running()


def _demand_fleet() -> None:
    from importlib.util import find_spec

    missing = [name for name in MODULES_OF_FLEET if find_spec(name) is None]
    if missing:
        raise InvalidInput(
            f"a sweep needs {', '.join(missing)}; install them with: pip install 'sunflower-tracker[fleet]'"
        )
