"""Where the heads stand and what shape they have."""

from tracker.array.head import disk_radius_m, petal_polygons
from tracker.array.land import land_area_m2
from tracker.array.layout import LAYOUTS, grid, head_names, on_slope, ring, vogel
from tracker.array.survey import Survey, parse_survey, read_survey

__all__ = [
    "LAYOUTS",
    "Survey",
    "disk_radius_m",
    "grid",
    "head_names",
    "land_area_m2",
    "on_slope",
    "parse_survey",
    "petal_polygons",
    "read_survey",
    "ring",
    "vogel",
]
