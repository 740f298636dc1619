"""What is said while it is worked out how heads keep out of each other's shade."""

from types import SimpleNamespace

from tracker.app.shade_talk import WORK, keep_shade_told
from tracker.study.driven import shade_aim

PLANT = SimpleNamespace(array=None, site=SimpleNamespace(latitude_deg=22.6))


def test_in_a_pipe_long_work_is_told_once(capsys, monkeypatch):
    def works(array, latitude_deg, advance):
        for share in (0.0, 0.3, 0.9):
            advance(share)

    monkeypatch.setattr(shade_aim, "aim_table", works)
    keep_shade_told(PLANT)
    assert capsys.readouterr().err == f"{WORK}\n"


def test_what_is_known_already_is_not_worth_a_word(capsys, monkeypatch):
    monkeypatch.setattr(shade_aim, "aim_table", lambda array, latitude_deg, advance: None)
    keep_shade_told(PLANT)
    assert capsys.readouterr().err == ""
