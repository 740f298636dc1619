"""A sweep into a folder: what is there already stays, the rest is computed, chunk by chunk."""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from tracker.errors import InvalidInput
from tracker.report.sweep_tables import SweepTable, sweep_answer
from tracker.study.provenance import versions
from tracker.study.sweeps.chunk import Part
from tracker.study.sweeps.places import CLEAR_SKY_KIND
from tracker.study.sweeps.plan import Chunk, SweepPlan, chunk_of, code_sha256
from tracker.study.sweeps.rows import column_of, inputs_of, texts_of

SCHEMA: Final = "sunflower.sweep/1"
MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
PARTS: Final = "rows"
UNFINISHED: Final = ".*.part"  # as the atomic writer names them
Compute: TypeAlias = Callable[[Iterable[Chunk]], Iterator[Part]]
Write: TypeAlias = Callable[[Path, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRun:
    """How a sweep went: chunks found finished, and computed now."""

    out: Path
    found: int
    computed: int


def run_sweep(
    plan: SweepPlan, out: Path, compute: Compute, write: Write, done: Callable[[float], None]
) -> SweepRun:
    """Compute what is missing in the folder `out`, which must be there; `done` hears the share that is.

    `write` puts a whole file in its place or none. A part counts as finished when it carries the hash of its
    inputs. Raises InvalidInput where another plan, or another process, has the folder; and what `compute`
    and `write` raise: all finished parts stay.
    """
    with _alone_in(out):
        _claim(out, plan, write)
        todo = [number for number in range(plan.chunks) if not _finished(plan, out, number)]
        found = plan.chunks - len(todo)
        done(found / plan.chunks)
        for count, part in enumerate(compute(chunk_of(plan, number) for number in todo), 1):
            write(part_file(out, part.number), part.parquet)
            done((found + count) / plan.chunks)
    return SweepRun(out=out, found=found, computed=len(todo))


def part_file(out: Path, number: int) -> Path:
    """Where the rows of a chunk are."""
    return out / PARTS / f"part-{number:06d}.parquet"


def sweep_table(plan: SweepPlan, out: Path) -> SweepTable:
    """The finished sweep's net energies, for figures and sentences."""
    files = [str(part_file(out, number)) for number in range(plan.chunks)]
    net, kinds = column_of(files, "net_kwh_per_kwp"), texts_of(files, "weather_kind")
    rows_a_site = plan.rows // len(plan.places)
    return SweepTable(
        sites=tuple(place.name for place in plan.places),
        latitude_deg=np.array([place.latitude_deg for place in plan.places]),
        longitude_deg=np.array([place.longitude_deg for place in plan.places]),
        mountings=plan.mountings,
        parameters=tuple(dict(variant.values) for variant in plan.variants),
        net_kwh_per_kwp=np.reshape(net, (len(plan.places), len(plan.variants), len(plan.mountings))),
        clear_sky_sites=kinds[::rows_a_site].count(CLEAR_SKY_KIND),
    )


def sweep_document(plan: SweepPlan, run: SweepRun, table: SweepTable) -> dict[str, Any]:
    """What `sunflower sweep --json` prints."""
    return {
        "schema": SCHEMA,
        "inputs_sha256": plan.sha256,
        "out": str(run.out),
        **_told(plan),
        "net_kwh_per_kwp": [
            {"mounting": name, "lowest": net.min(), "median": np.median(net), "highest": net.max()}
            for name, net in zip(plan.mountings, np.moveaxis(table.net_kwh_per_kwp, -1, 0), strict=True)
        ],
        "clear_sky_sites": table.clear_sky_sites,
        "says": sweep_answer(table),
        "chunks": {"total": plan.chunks, "found": run.found, "computed": run.computed},
    }


def _finished(plan: SweepPlan, out: Path, number: int) -> bool:
    file = part_file(out, number)
    return file.exists() and inputs_of(str(file)) == chunk_of(plan, number).inputs_sha256


def _claim(out: Path, plan: SweepPlan, write: Write) -> None:
    """Put the plan's mark on the folder; raises InvalidInput when it bears another's."""
    mine = {"schema": SCHEMA, "plan_sha256": plan.sha256, "code_sha256": code_sha256(), **_told(plan)}
    file = out / MANIFEST
    theirs = _manifest(file)
    if theirs is None:
        (out / PARTS).mkdir(exist_ok=True)
        write(file, json.dumps(mine, indent=2).encode())
    elif theirs.get("plan_sha256") != mine["plan_sha256"]:
        what = "plan" if theirs.get("code_sha256") == mine["code_sha256"] else "version of sunflower"
        raise InvalidInput(
            f"{out}: holds a sweep of another {what}: inputs {str(theirs.get('plan_sha256'))[:12]}, not "
            f"{plan.sha256[:12]}; name another --out, or delete this one"
        )
    for leftover in (*out.glob(UNFINISHED), *(out / PARTS).glob(UNFINISHED)):
        leftover.unlink()  # of a sweep that was killed while it wrote


def _manifest(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise InvalidInput(f"{file}: is no manifest of a sweep ({error}); name another --out") from error
    return found if isinstance(found, dict) else {}


def _told(plan: SweepPlan) -> dict[str, Any]:
    """What people want to know of a plan."""
    return {
        "versions": versions(),
        "sites": len(plan.places),
        "variants": [dict(variant.values) for variant in plan.variants],
        "mountings": list(plan.mountings),
        "rows": plan.rows,
        "chunk_sites": plan.chunk_places,
    }


@contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    """The folder for this process alone; the system lets go of the lock however the process ends."""
    with (out / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidInput(f"{out}: another sweep is at work here; wait for it, or stop it") from error
        yield
