"""Who is asked next: everybody in turn, the silent ones seldom."""

import itertools
from collections import Counter

import pytest

from firmware_bridge.wire.polling import Pace, Poller

ASK_S, SILENCE_S = 0.01, 1.5


def turns(poller, silent, seconds):
    """Ask whoever is due for a while; when each was asked."""
    now_s, asked = 0.0, []
    while now_s < seconds:
        address = poller.due(now_s)
        if address is None:
            now_s = poller.due_s
            continue
        asked.append((now_s, address))
        now_s += SILENCE_S if address in silent else ASK_S
        (poller.missed if address in silent else poller.heard)(address, now_s)
    return asked


def test_all_are_asked_equally_often_when_the_line_is_full():
    asked = Counter(
        address for _, address in turns(Poller(range(1, 33), Pace(cycle_s=0.0), 0.0), set(), 32.0)
    )
    assert max(asked.values()) - min(asked.values()) <= 1
    assert sum(asked.values()) == 3200


def test_with_a_cycle_everybody_is_asked_once_in_it_and_the_line_rests():
    asked = turns(Poller(range(1, 33), Pace(cycle_s=1.0), 0.0), set(), 10.0)
    assert Counter(address for _, address in asked) == dict.fromkeys(range(1, 33), 10)


@pytest.mark.parametrize("cycle_s", [0.0, 1.0])
def test_nobody_starves_when_some_are_silent(cycle_s):
    poller = Poller(range(1, 33), Pace(cycle_s=cycle_s), 0.0)
    asked = turns(poller, {7, 8}, 120.0)
    longest_s = cycle_s + 2 * SILENCE_S + 32 * ASK_S
    for address in set(range(1, 33)) - {7, 8}:
        times = [when_s for when_s, whom in asked if whom == address]
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) <= longest_s
    assert poller.silent() == (7, 8)


def test_silent_ones_are_asked_twice_as_late_each_time_up_to_a_longest():
    times = [when_s for when_s, _ in turns(Poller([1], Pace(cycle_s=0.5, longest_s=8.0), 0.0), {1}, 60.0)]
    waits = [later - earlier - SILENCE_S for earlier, later in itertools.pairwise(times)]
    assert waits[:5] == pytest.approx([1.0, 2.0, 4.0, 8.0, 8.0])


def test_who_answers_again_is_asked_as_before():
    poller = Poller([1, 2], Pace(cycle_s=1.0), 0.0)
    for _ in range(5):
        poller.missed(1, 0.0)
    poller.heard(1, 20.0)
    assert poller.silent() == ()
    poller.heard(2, 0.0)
    poller.missed(1, 21.0)
    assert poller.due(22.0) == 2
    poller.heard(2, 22.0)
    assert poller.due(22.0) == 1


def test_a_late_turn_does_not_delay_the_next_ones():
    poller = Poller([1], Pace(cycle_s=1.0), 0.0)
    poller.heard(1, 0.4)
    assert poller.due_s == 1.0
