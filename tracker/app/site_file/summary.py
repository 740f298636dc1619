"""A site file that is right, in a few numbers and sentences."""

from dataclasses import dataclass
from pathlib import Path

from tracker.app.site_file.problems import Problem
from tracker.array import disk_radius_m, land_area_m2
from tracker.array.layout import closest_pair_m
from tracker.plant import Plant
from tracker.units import WATTS_PER_KILOWATT


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSummary:
    """What stands on site, added up."""

    name: str
    latitude_deg: float
    longitude_deg: float
    timezone: str
    layout: str
    heads: int
    closest_pair_m: float | None  # None for one head
    disk_diameter_m: float
    petal_area_m2: float
    land_area_m2: float
    ground_cover_ratio: float  # petals over land
    dc_capacity_kw: float
    ports: int
    weather: str


def summarise(plant: Plant, layout: str) -> SiteSummary:
    """The summary of a plant whose heads stand in the layout."""
    array = plant.array
    petal_area_m2, land_m2 = array.size * array.head.area_m2, land_area_m2(array)
    return SiteSummary(
        name=plant.site.name,
        latitude_deg=plant.site.latitude_deg,
        longitude_deg=plant.site.longitude_deg,
        timezone=plant.site.timezone,
        layout=layout,
        heads=array.size,
        closest_pair_m=closest_pair_m(array.positions_enu_m)[2] if array.size > 1 else None,
        disk_diameter_m=2.0 * disk_radius_m(array.head),
        petal_area_m2=petal_area_m2,
        land_area_m2=land_m2,
        ground_cover_ratio=petal_area_m2 / land_m2,
        dc_capacity_kw=array.size * array.panels.dc_capacity_w / WATTS_PER_KILOWATT,
        ports=len(plant.bridges),
        weather=plant.weather_source,
    )


def summary_text(path: Path, summary: SiteSummary, notes: tuple[Problem, ...]) -> str:
    """The summary for people, notes last."""
    s = summary
    apart = "" if s.closest_pair_m is None else f", the closest {s.closest_pair_m:.2f} m apart"
    return "\n".join(
        [
            f"{path}: no errors",
            f"  site      {s.name} ({s.latitude_deg:g}, {s.longitude_deg:g}), {s.timezone}",
            f"  heads     {s.heads}, layout {s.layout}{apart}; disks {s.disk_diameter_m:.2f} m across",
            f"  capacity  {s.dc_capacity_kw:.1f} kW on {s.petal_area_m2:.1f} m2 of petals",
            f"  land      {s.land_area_m2:.0f} m2, {100.0 * s.ground_cover_ratio:.0f} % covered",
            f"  weather   {s.weather}",
            f"  ports     {s.ports}",
            *(f"  note: {note}" for note in notes),
        ]
    )
