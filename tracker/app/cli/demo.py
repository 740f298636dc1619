"""sunflower demo: the main job on an embedded default, without hardware."""

from pathlib import Path
from typing import Annotated

from tracker.app.cli.border import AsJson
from tracker.app.cli.words import option

OutFolder = Annotated[Path, option("--out", says="Folder for the report, the journal and the rest.")]
Seed = Annotated[int, option("--seed", least=0, says="Another array: other misalignments, other wind.")]
Force = Annotated[bool, option("--force", says="Replace the files of an earlier demo.")]


def demo(
    out: OutFolder = Path("sunflower-demo"), seed: Seed = 1, force: Force = False, as_json: AsJson = False
) -> None:
    """Do the main job without hardware: calibrate a simulated array, track a day, value the year."""
    from tracker.app.config import default_plant
    from tracker.app.output import emit, progress
    from tracker.app.simulation.demo import DemoFiles, demo_document, run_demo
    from tracker.app.text.demo import demo_text

    files = DemoFiles.within(out)
    files.prepare(force=force)
    done = run_demo(default_plant(), files, seed=seed, stage=lambda title: progress(title, total=1.0))
    document = demo_document(done, files)
    emit(document, as_json=as_json, text=demo_text(document, done.answer.document))
