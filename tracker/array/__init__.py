"""Where the heads stand, what shape they have, and how they shade each other."""

from tracker.array.head import disk_radius_m, petal_polygons
from tracker.array.land import land_area_m2
from tracker.array.layout import LAYOUTS, grid, head_names, on_slope, ring, vogel
from tracker.array.obstacles import building, post, wall
from tracker.array.shading import enu_from_normal, shaded_fraction
from tracker.array.survey import Survey, parse_survey, read_survey

__all__ = [
    "LAYOUTS",
    "Survey",
    "building",
    "disk_radius_m",
    "enu_from_normal",
    "grid",
    "head_names",
    "land_area_m2",
    "on_slope",
    "parse_survey",
    "petal_polygons",
    "post",
    "read_survey",
    "ring",
    "shaded_fraction",
    "vogel",
    "wall",
]
