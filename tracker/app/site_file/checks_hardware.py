"""Checks of what stands on site: heads that touch, postures out of reach, addresses given twice."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tracker.app.site_file.problems import Finding, nearest_name
from tracker.app.site_file.schema import LAST_ADDRESS, BridgeSection
from tracker.array import Survey

FLAT_ELEVATION_DEG: Final = 90.0  # the stow posture faces the zenith
DENSITY_W_M2: Final = (20.0, 400.0)  # of module area; chosen: thin film of the eighties, laboratory records


def swept_radius_m(disk_radius_m: float, panel_offset_m: tuple[float, float, float]) -> float:
    """How far from where its axes meet a disk reaches, whichever way it looks."""
    across_m, up_m, ahead_m = panel_offset_m
    return math.hypot(disk_radius_m + math.hypot(across_m, up_m), ahead_m)


def disks_keep_apart(layout: str, heads: int, spacing_m: float, swept_radius_m: float) -> Iterator[Finding]:
    """Heads of a regular layout must not touch; a survey is checked where it is read."""
    if layout != "survey" and heads > 1 and spacing_m < 2.0 * swept_radius_m:
        says = (
            f"= {spacing_m:g} is less than the disks' diameter of {2.0 * swept_radius_m:.3f} m: heads would "
            "touch; give more, or less head.area_m2"
        )
        yield ("array", "spacing_m"), says


def disk_clears_the_ground(
    pivot_height_m: float,
    elevation_range_deg: tuple[float, float],
    disk_radius_m: float,
    panel_offset_m: tuple[float, float, float],
) -> Iterator[Finding]:
    """The rim must stay above level ground at every elevation in reach."""
    _, up_m, ahead_m = panel_offset_m
    ends_m = (up_m - disk_radius_m, up_m + disk_radius_m)
    reach_m = max(_hangs_m(end_m, ahead_m, *elevation_range_deg) for end_m in ends_m)
    if pivot_height_m <= reach_m:
        says = (
            f"= {pivot_height_m:g} lets the disk's rim touch the ground: it hangs {reach_m:.3f} m below the "
            "axis at its lowest; give a higher pivot, or raise mount.elevation_range_deg"
        )
        yield ("head", "pivot_height_m"), says


def _hangs_m(end_m: float, ahead_m: float, low_deg: float, high_deg: float) -> float:
    """How far a point of the head, end_m up the disk, comes below its axis at elevations low to high.

    It hangs -(end cos elevation + ahead sin elevation), which is most where it points straight down.
    """
    down_deg = math.degrees(math.atan2(-ahead_m, -end_m)) % 360.0
    turning = (deg for deg in (down_deg, down_deg - 360.0) if low_deg <= deg <= high_deg)
    return max(
        -end_m * math.cos(math.radians(deg)) - ahead_m * math.sin(math.radians(deg))
        for deg in (low_deg, high_deg, *turning)
    )


def flat_stow_is_in_reach(elevation_range_deg: tuple[float, float]) -> Iterator[Finding]:
    """Heads must be able to lie flat in wind."""
    low_deg, high_deg = elevation_range_deg
    if not low_deg <= FLAT_ELEVATION_DEG <= high_deg:
        says = (
            f"= [{low_deg:g}, {high_deg:g}] leaves out {FLAT_ELEVATION_DEG:g} deg, where heads lie flat in "
            "wind; give a range with it inside"
        )
        yield ("mount", "elevation_range_deg"), says


def gusts_release_below_stow(stow_gust_m_s: float, release_gust_m_s: float) -> Iterator[Finding]:
    """Calm must be calmer than the gust that stows."""
    if release_gust_m_s >= stow_gust_m_s:
        says = (
            f"= {release_gust_m_s:g} is not below stow_gust_m_s = {stow_gust_m_s:g} m/s: heads would be "
            "released into the wind that stowed them; give less"
        )
        yield ("safety", "release_gust_m_s"), says


def strings_hold_every_petal(strings: Sequence[Sequence[int]], petals: int) -> Iterator[Finding]:
    """Where strings are named, each petal of the head hangs on exactly one."""
    count = Counter(number for string in strings for number in string)
    wrong = (
        ("names", sorted(number for number in count if number > petals), f"but head.petals = {petals}"),
        ("names", sorted(number for number in count if count[number] > 1), "more than once"),
        ("leaves out", [number for number in range(1, petals + 1) if strings and number not in count], ""),
    )
    for does, numbers, how in wrong:
        if numbers:
            says = f"{does} petal {', '.join(map(str, numbers))} {how}".rstrip()
            yield ("pv", "strings"), f"{says}; give each petal from 1 to {petals} once"
    if not all(strings):
        yield ("pv", "strings"), "has a string without petals; remove it"


def diodes_have_cells(bypass_per_petal: int, cells_per_petal: int) -> Iterator[Finding]:
    """A bypass diode lies over one cell at least."""
    if bypass_per_petal > cells_per_petal:
        says = f"= {bypass_per_petal} is more than cells_per_petal = {cells_per_petal}; give less"
        yield ("pv", "bypass_per_petal"), says


def bridges_share_nothing(bridge: Sequence[BridgeSection]) -> Iterator[Finding]:
    """A port belongs to one bridge, and so does a head."""
    ports: dict[str, int] = {}
    owners: dict[str, int] = {}
    for number, one in enumerate(bridge):
        if one.port in ports and one.port != "sim:":
            yield ("bridge", number, "port"), f'= "{one.port}" is that of bridge[{ports[one.port]}] already'
        ports.setdefault(one.port, number)
        for name in one.heads:
            if name in owners:
                yield ("bridge", number, "heads", name), f"is on bridge[{owners[name]}] already; keep one"
            owners.setdefault(name, number)


def addresses_are_unique(bridge: Sequence[BridgeSection]) -> Iterator[Finding]:
    """Two heads on one port must not answer to the same address."""
    for number, one in enumerate(bridge):
        first: dict[int, str] = {}
        for name, address in one.heads.items():
            if address in first:
                says = f"= {address} is the address of {first[address]} already; give each head its own"
                yield ("bridge", number, "heads", name), says
            first.setdefault(address, name)


def bridge_heads_stand(bridge: Sequence[BridgeSection], feet: Survey) -> Iterator[Finding]:
    """A bridge may name only heads of the array."""
    standing = frozenset(feet.names)
    for number, one in enumerate(bridge):
        for name in one.heads:
            if name not in standing:
                says = f"is no head of the array ({feet.names[0]} to {feet.names[-1]})"
                yield ("bridge", number, "heads", name), says + nearest_name(name, feet.names)


def addresses_suffice(bridge: Sequence[BridgeSection], feet: Survey) -> Iterator[Finding]:
    """More heads than addresses can be compared but not run."""
    most = LAST_ADDRESS * len(bridge)
    if len(feet.names) > most:
        says = (
            f"has {most} addresses on {len(bridge)} port(s) for {len(feet.names)} heads: enough to compare, "
            "but add ports before sunflower run"
        )
        yield ("bridge",), says


def capacity_fits_the_area(area_m2: float, dc_capacity_w: float) -> Iterator[Finding]:
    """Power over area outside what modules reach is probably a wrong unit."""
    density_w_m2 = dc_capacity_w / area_m2
    low, high = DENSITY_W_M2
    if not low <= density_w_m2 <= high:
        says = (
            f"= {dc_capacity_w:g} on head.area_m2 = {area_m2:g} is {density_w_m2:.3g} W/m2, outside {low:g} "
            f"to {high:g} W/m2 of known modules; check the units"
        )
        yield ("pv", "dc_capacity_w"), says
