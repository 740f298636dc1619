"""The main job without hardware: calibrate a simulated array, track a day, and value the year."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from calibration import Calibration, write_calibration, write_sightings
from tracker.app.assemble import open_site, tracking_rules_for
from tracker.app.field.rules_record import rules_to_json
from tracker.app.field.wind import SimulatedWind, Squall
from tracker.app.output import json_text, write_atomically, writing
from tracker.app.simulation.commissioning import Commissioned, commission
from tracker.app.simulation.day import SimulatedDay, simulate
from tracker.app.simulation.day_record import DayRecord
from tracker.app.simulation.hidden_truth import SunSensors, hidden_pointing
from tracker.app.sun_path import with_paths
from tracker.control.journal import Journal
from tracker.decision.values import Decision, Inputs
from tracker.errors import OutputFailed
from tracker.operations.compare import Answer, answer_for, weather_for
from tracker.plant import Plant
from tracker.report import render_comparison

CALIBRATION_DATE: Final = "2025-03-19"
DAY: Final = "2025-03-20"  # the equinox: the sun passes due east, 67 deg high, and due west
TICK_S: Final = 10.0
SQUALL: Final = Squall(start_s=14.2 * 3600.0, end_s=14.25 * 3600.0, gust_m_s=13.4)
SEEDS_APART: Final = 1000  # hidden misalignment, sensor noise and wind of one seed differ from the next one's

Advance = Callable[[float], None]
Stage = Callable[[str], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFiles:
    """Where a demo leaves what it made."""

    journal: Path
    sightings: Path
    calibration: Path
    comparison: Path
    report: Path

    @staticmethod
    def within(folder: Path) -> "DemoFiles":
        """The names in a folder."""
        return DemoFiles(
            journal=folder / "journal.sqlite",
            sightings=folder / "sightings.csv",
            calibration=folder / "calibration.json",
            comparison=folder / "comparison.json",
            report=folder / "report.html",
        )

    def prepare(self, *, force: bool) -> None:
        """Make the folder, and clear away an earlier demo's files if that is wanted.

        Raises OutputFailed when they are there and must not be replaced, or the folder cannot be made.
        """
        there = [path for path in astuple(self) if path.exists()]
        if there and not force:
            raise OutputFailed(
                f"{there[0]}: there from an earlier demo; name another folder with --out, or add --force"
            )
        with writing(self.report.parent):
            self.report.parent.mkdir(parents=True, exist_ok=True)
            for path in there:
                path.unlink()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demo:
    """What a demo found."""

    commissioned: Commissioned
    day: DayRecord
    answer: Answer


def run_demo(plant: Plant, files: DemoFiles, *, seed: int, stage: Stage) -> Demo:
    """Do the main job and write its files.

    `stage` is entered with the name of each part of the work and gives what is to be told how much of it
    is done, 0 to 1. The same plant and seed give the same journal to the byte. Raises what the rooms raise.
    """
    names = plant.array.names
    with open_site(plant, lockstep=True) as site:
        hidden = hidden_pointing(len(names), seed)
        sensors = SunSensors(site=site, hidden=hidden, seed=seed + SEEDS_APART)
        with stage(f"Calibrating {len(names)} heads: sightings of the sun through a day") as advance:
            wind = SimulatedWind(seed=seed + 2 * SEEDS_APART)
            commissioned = commission(plant, sensors, CALIBRATION_DATE, wind, advance)
            write_sightings(files.sightings, commissioned.sightings)
            write_calibration(files.calibration, commissioned.calibration)
        with stage("Tracking the equinox day over the serial line, in accelerated time") as advance:
            day = _track(plant, sensors, commissioned.calibration, files.journal, seed, advance)
    with stage(f"Comparing {len(plant.comparison.mountings)} mountings over a year"):
        answer = _compare(plant, files, commissioned, day)
    return Demo(commissioned=commissioned, day=day, answer=answer)


def _track(
    plant: Plant,
    sensors: SunSensors,
    calibration: Calibration,
    journal_file: Path,
    seed: int,
    advance: Advance,
) -> DayRecord:
    day = SimulatedDay(
        plant=plant,
        date=DAY,
        tick_s=TICK_S,
        rules=tracking_rules_for(plant, calibration.model(plant.array.names)),
        wind=SimulatedWind(seed=seed + 3 * SEEDS_APART, squalls=(SQUALL,)),
    )
    meta = {
        "site": plant.site.name,
        "rules": rules_to_json(day.rules),
        "version": version("sunflower-tracker"),
    }
    record = DayRecord(plant, day.rules.avoidance)

    def see(utc: np.datetime64, inputs: Inputs, decision: Decision) -> None:
        record.add(utc, inputs, decision, sensors.true_normal_enu())
        advance(day.done(utc))

    with Journal(journal_file, heads=plant.array.names, meta=meta) as journal:
        simulate(day, sensors.site, journal, see)
    return record


def _compare(plant: Plant, files: DemoFiles, commissioned: Commissioned, day: DayRecord) -> Answer:
    weather = weather_for(plant)
    answer = answer_for(plant, weather, commands=("sunflower demo",), day=day.tables(commissioned.before_deg))
    write_atomically(files.comparison, json_text(answer.document, indent=2) + "\n")
    tables = with_paths(answer.tables, plant, weather)
    write_atomically(files.report, render_comparison(answer.document, tables))
    return answer


def demo_document(demo: Demo, files: DemoFiles) -> dict[str, Any]:
    """The JSON of `sunflower demo`."""
    before, after = demo.commissioned.before_deg, demo.day.settled_errors_deg()
    return {
        "pointing": {
            "sightings_per_head": demo.commissioned.sightings.size // demo.day.heads,
            "before_median_deg": float(np.median(before)),
            "before_max_deg": float(np.max(before)),
            "after_median_deg": float(np.nanmedian(after)),
            "after_max_deg": float(np.nanmax(after)),
        },
        "claim": demo.answer.document["claim"],
        "gains": demo.answer.document["gains"],
        "files": {
            name: str(getattr(files, name))
            for name in ("report", "journal", "calibration", "sightings", "comparison")
        },
    }
