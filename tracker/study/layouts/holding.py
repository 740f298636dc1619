"""How the heads of a field are held, for a study of many fields."""

from dataclasses import replace

from tracker.plant import Plant
from tracker.study.driven.sunflower import decided_orientation
from tracker.study.mountings.orientation import Orientation
from tracker.sun import SunPosition
from tracker.weather.series import Weather


def facing_the_sun(plant: Plant, weather: Weather, sun: SunPosition) -> Orientation:
    """As the decision code holds heads that have nobody near, and so look past the sun for nobody's sake.

    It is the same for every field: to find out where else a dense one should look takes minutes.
    """
    array = replace(plant.array, names=plant.array.names[:1], positions_enu_m=plant.array.positions_enu_m[:1])
    return decided_orientation(replace(plant, array=array), weather, sun)
