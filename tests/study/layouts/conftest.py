"""A fortnight of real weather, and a plant beneath it."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tracker.array import grid, head_names


@pytest.fixture(scope="session")
def fortnight(weather_of):
    """Fourteen days of March of a real year by its place's short name."""

    def cut(place):
        weather = weather_of(place)
        days = slice(24 * 70, 24 * 84)
        arrays = [each.name for each in fields(weather) if np.shape(getattr(weather, each.name)) != ()]
        series = [name for name in arrays if len(getattr(weather, name)) == weather.utc.size]
        return replace(weather, **{name: getattr(weather, name)[days] for name in series})

    return cut


@pytest.fixture(scope="session")
def plant_with(plant_of):
    """A plant under a weather with heads on a level grid; changes are of its array."""

    def make(weather, heads=9, **changes):
        plant = plant_of(weather)
        feet = {"names": head_names(heads), "positions_enu_m": grid(heads, 8.0)}
        return replace(plant, array=replace(plant.array, **{**feet, **changes}))

    return make
