"""A person's stow outlives the run that was asked for it."""

import numpy as np
import pytest

from tracker.app.field.holds import Holds
from tracker.errors import InvalidInput

NAMES = ("H01", "H02", "H03")


def test_a_stow_is_known_to_the_next_run_until_it_is_released(tmp_path):
    site = tmp_path / "site.toml"
    Holds(site, NAMES).remember(np.array([False, True, False]))
    np.testing.assert_array_equal(Holds(site, NAMES).held(), [False, True, False])
    Holds(site, NAMES).remember(np.zeros(3, dtype=bool))
    assert not Holds(site, NAMES).held().any()
    assert list(tmp_path.iterdir()) == []


def test_a_head_that_the_site_has_no_more_is_nobody(tmp_path):
    site = tmp_path / "site.toml"
    Holds(site, NAMES).remember(np.ones(3, dtype=bool))
    np.testing.assert_array_equal(Holds(site, ("H02", "H09")).held(), [True, False])


@pytest.mark.parametrize("text", ["", "{}", '{"stowed": 3}', "[1]"])
def test_a_damaged_memory_stops_the_run_before_anything_moves(tmp_path, text):
    (tmp_path / ".site.stowed.json").write_text(text)
    with pytest.raises(InvalidInput, match="remove the file"):
        Holds(tmp_path / "site.toml", NAMES)


def test_a_disk_that_refuses_does_not_stop_the_run(tmp_path, caplog):
    holds = Holds(tmp_path / "gone" / "site.toml", NAMES)
    holds.remember(np.ones(3, dtype=bool))
    assert "will not know who is stowed" in caplog.text
