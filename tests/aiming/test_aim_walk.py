"""A way through the day's good places to look."""

import numpy as np

from tracker.aiming.aim_walk import walked


def places(*offsets_deg):
    """The same offsets to the right to choose from at every hour of one day."""
    return np.array([[[[right, 0.0] for right in offsets_deg]] * 6])


ALL_DAY = np.ones((1, 6), dtype=bool)


def chosen(light, per_degree, day=ALL_DAY, offsets=(0.0, 30.0)):
    past_deg = places(*offsets)
    way_deg = np.abs(np.subtract.outer(offsets, offsets))
    price = np.broadcast_to(per_degree * way_deg, (1, 5, 2, 2))
    return walked(past_deg, np.array([light]), day, price)[0, :, 0].tolist()


def test_without_a_price_every_hour_takes_its_brightest_place():
    light = [[1.0, 2.0], [2.0, 1.0]] * 3
    assert chosen(light, 0.0) == [30.0, 0.0] * 3


def test_a_short_advantage_does_not_pay_for_the_way_there_and_back():
    light = [[100.0, 90.0], [100.0, 90.0], [100.0, 105.0], [100.0, 90.0], [100.0, 90.0], [100.0, 90.0]]
    assert chosen(light, 0.2) == [0.0] * 6


def test_a_lasting_one_does_and_the_way_is_made_once():
    light = [[100.0, 90.0]] * 2 + [[100.0, 105.0], [100.0, 99.0], [100.0, 120.0], [100.0, 120.0]]
    assert chosen(light, 0.2) == [0.0, 0.0, 30.0, 30.0, 30.0, 30.0]


def test_what_comes_later_counts_in_the_morning():
    """Here the first hour gives up 3 for a way of 30 deg that it would have to pay 6 for later."""
    light = [[100.0, 97.0]] + [[100.0, 104.0]] * 5
    assert chosen(light, 0.2) == [30.0] * 6


def test_nights_cost_no_way_and_look_where_the_day_begins_and_ends():
    day = np.array([[False, False, True, True, True, False]])
    light = [[0.0, 0.0]] * 2 + [[1.0, 9.0], [1.0, 9.0], [9.0, 1.0]] + [[0.0, 0.0]]
    assert chosen(light, 0.01, day) == [30.0, 30.0, 30.0, 30.0, 0.0, 0.0]
