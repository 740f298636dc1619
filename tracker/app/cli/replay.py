"""sunflower replay: would the same be decided today."""

from pathlib import Path
from typing import Annotated, Final

from tracker.app.cli.border import AsJson, after_the_answer
from tracker.app.cli.words import argument

JournalFile = Annotated[Path, argument(metavar="JOURNAL", says="Journal of a run or of a demo.")]
SHOWN: Final = 20


def replay(journal: JournalFile, as_json: AsJson = False) -> None:
    """Decide every tick of a journal again, from its own inputs and rules; exit with 1 where it differs."""
    import json
    from dataclasses import asdict
    from itertools import islice

    import numpy as np

    from tracker.app.field.rules_record import rules_from_json
    from tracker.app.output import emit
    from tracker.control.record import open_record, read_meta, read_ticks
    from tracker.control.replay import replay as decide_again
    from tracker.errors import CheckFailed, InvalidInput

    with open_record(journal) as db:
        meta = read_meta(db)
        if "rules" not in meta:
            raise InvalidInput(
                f"{journal}: holds no rules; only journals of `run` and `demo` can be replayed"
            )
        ticks = int(db.execute("SELECT count(*) FROM tick").fetchone()[0])
        held = np.array(json.loads(meta["held"]), dtype=np.bool_) if "held" in meta else None
        again = decide_again(read_ticks(db), rules_from_json(meta["rules"]), held)
        different = list(islice(again, SHOWN))
    rows = [f"  {d.utc} head {d.head + 1}: recorded {d.recorded}, decided {d.decided}" for d in different]
    says = f"{journal}: {ticks} ticks " + (
        f"replayed; decided otherwise (the first {SHOWN} at most):" if rows else "lead to the same decisions"
    )
    document = {
        "journal": str(journal),
        "ticks": ticks,
        "same": not rows,
        "differences": [asdict(d) for d in different],
    }
    emit(document, as_json=as_json, text="\n".join([says, *rows]))
    if rows:
        says = f"{journal}: {len(rows)} or more decisions differ; the first is at {different[0].utc}Z"
        raise after_the_answer(CheckFailed(says))
