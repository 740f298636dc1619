"""Colours: amber tracks, grey and blue stand still; lightness alone already tells them apart."""

from collections.abc import Mapping
from typing import Final

from tracker.mounting_names import FIXED

INK: Final = "#1f2429"
MUTED: Final = "#5c6670"
RULE: Final = "#d8dcdf"
PAPER: Final = "#ffffff"
AMBER: Final = "#c2690b"
BLUE: Final = "#2f5d8a"

MOUNTINGS: Final[Mapping[str, str]] = {
    "flat": "#d3d8dc",
    "latitude_tilt": "#aab4bc",
    "best_fixed": "#2f5d8a",
    "east_west": "#c0c8b8",
    "single_axis": "#6ba3a0",
    "single_axis_true": "#4d8583",
    "azimuth_only": "#8fb8a8",
    "two_axis_sun_facing": "#ecc07a",
    "two_axis_optimal": "#e0a555",
    "sunflower": "#c2690b",
}
STATES: Final[Mapping[str, str]] = {
    "tracking": "#e2a04a",
    "night": "#46535f",
    "ready": "#e3e6e8",
    "stowing": "#9dbbd6",
    "stowed": "#2f5d8a",
    "homing": "#9cc4b8",
    "calibrating": "#5b9a8f",
    "jogging": "#b7a3c9",
    "untrusted": "#bfa58a",
    "flattening": "#cfe0ec",
    "fault": "#a3212b",
    "locking": "#8d7aa6",
    "locked": "#6b4f8a",
    "stopped": "#d0757a",
    "emergency": "#6d0f17",
}
SPARE: Final = ("#7f8b95", "#c9b37e", "#7ca0bd", "#a98fae", "#93a872", "#c58f7c")
STILL: Final = ("#5b7691", "#8397a8", "#44566b", "#9aaebf")  # for fixed planes by name
DIVERGING: Final = (
    "#1f4e7d",
    "#7fa6c9",
    "#f6f5f2",
    "#e6ab66",
    "#b05a00",
)  # fixed ahead, even, tracking ahead


def mounting_colours(names: tuple[str, ...]) -> dict[str, str]:
    """A colour for each mounting; planes by name take the shades of what stands still."""
    planes = [name for name in names if name.startswith(f"{FIXED}:")]
    still = {name.lower(): STILL[index % len(STILL)] for index, name in enumerate(planes)}
    return colours_for(names, {**MOUNTINGS, **still})


def colours_for(names: tuple[str, ...], table: Mapping[str, str]) -> dict[str, str]:
    """A colour for each name: its own from the table, the spare ones in turn for the rest."""
    strangers = [name for name in names if name.lower() not in table]
    spare = {name: SPARE[index % len(SPARE)] for index, name in enumerate(strangers)}
    return {name: table.get(name.lower(), spare.get(name, SPARE[0])) for name in names}
