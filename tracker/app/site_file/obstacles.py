"""What stands near, from its tables: what each kind needs, its shape, and whether heads are clear of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from tracker.app.site_file.problems import Finding
from tracker.app.site_file.schema import ObstacleSection
from tracker.array import Survey, building, post, wall
from tracker.array.shading.faces import convex_faces
from tracker.plant import Obstacle
from tracker.units import FloatArray

Corners: TypeAlias = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """The keys that say where it stands, how many corners at least, and how it is made of them."""

    place: str
    corners: int
    keys: tuple[str, ...]
    make: Callable[[str, ObstacleSection], Obstacle]


def obstacle_of(number: int, section: ObstacleSection) -> Obstacle:
    """The number-th obstacle (from 0). Raises ValueError for a shape that it cannot have."""
    return KINDS[section.kind].make(section.name or f"obstacle {number + 1}", section)


def tables_are_whole(obstacle: Sequence[ObstacleSection]) -> Iterator[Finding]:
    """Each kind has the keys that it needs, no others, and a shape."""
    for number, section in enumerate(obstacle):
        for key, says in _faults(section):
            yield ("obstacle", number, key), says


def heads_are_clear(
    obstacle: Sequence[ObstacleSection], feet: Survey, pivot_height_m: float, swept_radius_m: float
) -> Iterator[Finding]:
    """No head stands inside an obstacle or swings into it; one may stand on a roof, or reach over a wall."""
    for number, section in enumerate(obstacle):
        if _faults(section):
            continue
        for name, foot in zip(feet.names, feet.positions_enu_m, strict=True):
            apart_m = _apart_m(section, foot, pivot_height_m - swept_radius_m)
            if apart_m < swept_radius_m:
                where = "inside it" if apart_m == 0.0 else f"{apart_m:.2f} m from it"
                says = (
                    f"is in the way of {name}, which stands {where} and sweeps {swept_radius_m:.2f} m around "
                    "its foot; move one of them"
                )
                yield ("obstacle", number), says
                break  # one head tells which obstacle is wrong


def _faults(section: ObstacleSection) -> list[tuple[str, str]]:
    """What is wrong with a table by itself: its keys, or where these are right, its shape."""
    return [*_wrong_keys(section), *_wrong_corners(section)] or list(_wrong_shape(section))


def _wrong_keys(section: ObstacleSection) -> Iterator[tuple[str, str]]:
    kind, given = KINDS[section.kind], section.model_dump(exclude_none=True)
    for key in (*kind.keys, "height_m"):
        if key not in given:
            yield "kind", f'= "{section.kind}" needs {key} too; add it'
    for key in ("points", "outline", "foot", "diameter_m"):
        if key in given and key not in kind.keys:
            yield key, f'is given, but kind is "{section.kind}"; remove it'


def _wrong_corners(section: ObstacleSection) -> Iterator[tuple[str, str]]:
    kind, corners = KINDS[section.kind], _corners(section)
    if any(len(corner) not in (2, 3) for corner in corners):
        yield kind.place, "has a point that is not [east, north] or [east, north, up] in metres; correct it"
    elif 0 < len(corners) < kind.corners:
        yield kind.place, f"has {len(corners)} points; a {section.kind} needs {kind.corners} or more"


def _wrong_shape(section: ObstacleSection) -> Iterator[tuple[str, str]]:
    try:
        convex_faces(obstacle_of(0, section))
    except ValueError as error:
        yield KINDS[section.kind].place, f"has no shape: {error}"


def _corners(section: ObstacleSection) -> Corners:
    place = getattr(section, KINDS[section.kind].place)
    if place is None:
        return ()
    return (place,) if section.kind == "post" else place


def _enu_m(corners: Corners) -> FloatArray:
    """Points (N, 3); those without a height lie on the level of the origin."""
    return np.array([[*corner, 0.0][:3] for corner in corners])


def _wall(name: str, section: ObstacleSection) -> Obstacle:
    corners = _enu_m(_corners(section))
    parts = [wall(name, *ends, section.height_m or 0.0) for ends in pairwise(corners)]
    return Obstacle(name=name, faces_enu_m=tuple(face for part in parts for face in part.faces_enu_m))


def _building(name: str, section: ObstacleSection) -> Obstacle:
    return building(name, _enu_m(_corners(section)), section.height_m or 0.0)


def _post(name: str, section: ObstacleSection) -> Obstacle:
    return post(name, _enu_m(_corners(section))[0], section.height_m or 0.0, section.diameter_m or 0.0)


KINDS: Final[Mapping[str, _Kind]] = {
    "wall": _Kind(place="points", corners=2, keys=("points",), make=_wall),
    "building": _Kind(place="outline", corners=3, keys=("outline",), make=_building),
    "post": _Kind(place="foot", corners=1, keys=("foot", "diameter_m"), make=_post),
}


def _apart_m(section: ObstacleSection, foot_m: FloatArray, clears_m: float) -> float:
    """How far a foot (3,) lies from an obstacle in plan: 0 inside, infinite where the head is above it.

    clears_m is how far above its foot a head begins to sweep.
    """
    faces, closed = obstacle_of(0, section).faces_enu_m, section.kind != "wall"
    uprights = np.array(faces[:-1] if closed else faces)  # the last face of a closed one is its roof
    start, end, top_m = uprights[:, 0, :2], uprights[:, 1, :2], np.max(uprights[..., 2])
    if foot_m[2] >= top_m:
        return np.inf
    if closed and _inside(foot_m[:2], start, end):
        return 0.0
    if foot_m[2] + clears_m >= top_m:
        return np.inf
    along = end - start
    share = np.clip(np.sum((foot_m[:2] - start) * along, axis=1) / np.sum(along**2, axis=1), 0.0, 1.0)
    return float(np.min(np.linalg.norm(foot_m[:2] - start - share[:, np.newaxis] * along, axis=1)))


def _inside(point: FloatArray, start: FloatArray, end: FloatArray) -> bool:
    """Whether a point (2,) lies within edges (N, 2) to (N, 2): a ray to the east crosses an odd number."""
    crossed = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
    rise = np.where(crossed, end[:, 1] - start[:, 1], 1.0)
    east = start[:, 0] + (point[1] - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return bool(np.count_nonzero(crossed & (point[0] < east)) % 2)
