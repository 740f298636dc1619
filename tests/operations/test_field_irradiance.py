"""A run that is told of the light by a file: it sees it, records it, and nobody minds when it is gone."""

import numpy as np

from tracker.app.field.rules_record import rules_from_json
from tracker.control.record import open_record, read_meta, read_ticks
from tracker.control.replay import replay

LEANING = '[irradiance]\nsource = "file:ghi.txt"\n[aiming]\ndiffuse = "lean"\n'


def test_status_and_journal_hold_the_light(field, question):
    (field.folder / "ghi.txt").write_text("123.4\n")
    site, journal = field.site(more=LEANING), field.folder / "day.journal"
    running = field.run(site, "--journal", journal)
    status = question(site, verb="status")
    assert status["irradiance"]["ghi_w_m2"] == 123.4
    assert 0.0 <= status["irradiance"]["age_s"] < 60.0
    assert {head["leaning"] for head in status["heads"]} <= {0.0, status["heads"][0]["leaning"]}
    (field.folder / "ghi.txt").unlink()
    assert question(site, verb="status")["irradiance"]["ghi_w_m2"] is None
    assert running.leave() == 130
    with open_record(journal) as db:
        ticks, rules = list(read_ticks(db)), rules_from_json(read_meta(db)["rules"])
    assert ticks[0].inputs.ghi_w_m2 == 123.4
    assert np.isnan(ticks[-1].inputs.ghi_w_m2)
    assert rules.diffuse is not None
    assert list(replay(ticks, rules)) == []
