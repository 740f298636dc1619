"""Many stretches at once against one walk from beginning to end."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tracker.study.driven import sunflower
from tracker.study.driven.stretches import joined


@dataclass(frozen=True)
class Count:
    value: np.ndarray
    unknown: np.ndarray


@dataclass(frozen=True)
class Record:
    value: np.ndarray


class Walks:
    """Adds the inputs up; a zero forgets all that was before, as a night does."""

    def __init__(self, inputs, length):
        self.inputs, self.length, self.walked = inputs, length, []

    def __call__(self, begins, which):
        self.walked.append(which.tolist())
        value, record = begins.value, np.empty((which.size, self.length))
        for number in range(self.length):
            new = self.inputs[which * self.length + number]
            value = np.where(new == 0.0, 0.0, value + new)
            record[:, number] = value
        return Count(value=value, unknown=begins.unknown), Record(value=record)


START = Count(value=np.array([5.0]), unknown=np.array([np.nan]))


def one_by_one(inputs):
    value, values = START.value[0], []
    for new in inputs:
        value = 0.0 if new == 0.0 else value + new
        values.append(value)
    return np.array(values)


@pytest.mark.parametrize("zeros", [0.0, 0.02, 0.5])
def test_the_record_is_that_of_one_walk(zeros):
    random = np.random.default_rng(3)
    inputs = np.where(random.random(240) < zeros, 0.0, random.integers(1, 9, 240).astype(float))
    record = joined(START, 24, Walks(inputs, 10))
    np.testing.assert_array_equal(record.value.ravel(), one_by_one(inputs))


def test_a_stretch_that_forgets_is_walked_twice_at_most():
    inputs = np.tile([0.0, 1.0, 2.0, 3.0], 30)
    walks = Walks(inputs, 4)
    joined(START, 30, walks)
    assert [len(which) for which in walks.walked] == [30, 29]


@pytest.mark.parametrize("diffuse", ["off", "lean"])
def test_the_yields_year_in_days_is_its_year_in_one(weather_of, plant_of, monkeypatch, diffuse):
    """Days with gales, long stows and nights of wind: the same poses, states, orders and motor seconds."""
    weather = weather_of("shenzhen")
    plant = replace(plant_of(weather, mountings=("sunflower",)), diffuse=diffuse)
    grid = sunflower._control_grid(weather)
    random = np.random.default_rng(8)
    gust_m_s = np.repeat(random.choice([3.0, 9.0, 13.0], 8760, p=[0.7, 0.2, 0.1]), 6)[: grid.utc.size]
    month = slice(0, 30 * 144)
    cut = sunflower._Grid(
        utc=grid.utc[month], step_s=grid.step_s, interval=grid.interval[month], centre=grid.centre[month]
    )
    whole = sunflower._seen(plant, weather, grid)
    seen = sunflower._Seen(
        sun_enu=whole.sun_enu[month],
        gust_m_s=gust_m_s[month],
        ghi_w_m2=None if diffuse == "off" else whole.ghi_w_m2[month],
    )
    by_day = sunflower._decide(plant, cut, seen)
    monkeypatch.setattr(sunflower, "_steps_a_stretch", lambda whole: whole.utc.size)
    in_one = sunflower._decide(plant, cut, seen)
    assert np.unique(in_one.state).size >= 4
    assert np.any(by_day.leaning > 0.0) == (diffuse == "lean")
    for name in ("state", "orders", "motor_s", "leaning"):
        np.testing.assert_array_equal(getattr(by_day, name), getattr(in_one, name))
    np.testing.assert_array_equal(by_day.pose.azimuth_deg, in_one.pose.azimuth_deg)
    np.testing.assert_array_equal(by_day.pose.elevation_deg, in_one.pose.elevation_deg)
