"""Two oracles that share nothing with the code: polygons in the receiver's own plane, and rays."""

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from tracker.array.shading import enu_from_normal
from tracker.frames import enu_from_azel

FAR_M = 1e4
COPLANAR_M = 1e-9


class PolygonOracle:
    """Shadows thrown along the sun on each receiver's plane, united and subtracted by shapely (GEOS)."""

    def __init__(self, pivots, petals, offset=(0.0, 0.0, 0.0), faces=()):
        self.pivots, self.petals = np.asarray(pivots, float), [np.asarray(p, float) for p in petals]
        self.offset, self.faces = np.asarray(offset, float), [np.asarray(f, float) for f in faces]

    def in_space(self, rotation, head):
        centre = self.pivots[head] + rotation @ self.offset
        return [centre + petal @ rotation[:, :2].T for petal in self.petals]

    def throwers(self, rotations, receiver, closed):
        for head in range(len(self.pivots)):
            for number, petal in enumerate(self.in_space(rotations[head], head)):
                if head != receiver and not closed[head, number] and np.isfinite(petal).all():
                    yield petal
        yield from self.faces

    def shaded(self, rotations, sun, closed=None):
        """Shaded share (H, P) at one time."""
        heads, petals = len(self.pivots), len(self.petals)
        closed = np.zeros((heads, petals), bool) if closed is None else closed
        share = np.zeros((heads, petals))
        for head in range(heads):
            for number in range(petals):
                share[head, number] = self.of_petal(rotations, sun, closed, head, number)
        return share

    def of_petal(self, rotations, sun, closed, head, number):
        rotation = rotations[head]
        if not np.isfinite(rotation).all():
            return np.nan
        if closed[head, number] or sun[2] <= 0.0:
            return 0.0
        if rotation[:, 2] @ sun <= 0.0:
            return 1.0
        origin, normal = self.pivots[head] + rotation @ self.offset, rotation[:, 2]
        own = Polygon(self.petals[number])
        shadows, reach = [], np.linalg.norm(self.petals[number], axis=1).max()
        for corners in self.throwers(rotations, head, closed):
            if far_aside(corners - origin, sun, reach):
                continue
            nearer = sunward_part(corners, origin, normal)
            if nearer is not None:
                fall = ((nearer - origin) @ normal) / (sun @ normal)
                foot = nearer - fall[:, None] * sun - origin
                shadow = Polygon(foot @ rotation[:, :2])
                shadows.append(shadow if shadow.is_valid else shapely.make_valid(shadow))
        return own.intersection(shapely.union_all(shadows)).area / own.area if shadows else 0.0


def far_aside(corners, sun, reach):
    """Whether no shadow can fall within reach of the origin: the corners' circle stays clear of the beam."""
    aside = corners - (corners @ sun)[:, None] * sun
    middle = aside.mean(axis=0)
    return np.linalg.norm(middle) > reach + np.linalg.norm(aside - middle, axis=1).max()


def sunward_part(corners, origin, normal):
    """The corners of what lies before a plane; shapely cuts it in the polygon's own plane."""
    height = (corners - origin) @ normal
    if height.max() <= COPLANAR_M:
        return None
    if height.min() >= 0.0:
        return corners
    base = corners.mean(axis=0)
    _, _, axes = np.linalg.svd(corners - base)
    flat = Polygon((corners - base) @ axes[:2].T)
    slope = axes[:2] @ normal
    level = (origin - base) @ normal
    unit = slope / np.linalg.norm(slope)
    across = np.array([-unit[1], unit[0]])
    start = unit * level / np.linalg.norm(slope)
    half = Polygon([start - FAR_M * across, start - FAR_M * across + FAR_M * unit,
                    start + FAR_M * across + FAR_M * unit, start + FAR_M * across])  # fmt: skip
    part = flat.intersection(half)
    if isinstance(part, MultiPolygon):
        part = max(part.geoms, key=lambda piece: piece.area)
    if part.is_empty or part.area == 0.0:
        return None
    return base + np.array(part.exterior.coords)[:-1] @ axes[:2]


class RayOracle:
    """Points spread over each petal, a ray from each to the sun, and what outlines it meets."""

    def __init__(self, pivots, petals, offset=(0.0, 0.0, 0.0), faces=(), points=1200):
        self.pivots, self.petals = np.asarray(pivots, float), [np.asarray(p, float) for p in petals]
        self.offset, self.faces = np.asarray(offset, float), [np.asarray(f, float) for f in faces]
        self.points = [spread(petal, points) for petal in self.petals]

    def shaded(self, rotations, sun):
        """Shaded share (H, P) at one time, and how far it may be off: boundary cells of the raster."""
        share = np.zeros((len(self.pivots), len(self.petals)))
        for head, rotation in enumerate(rotations):
            for number, flat in enumerate(self.points):
                start = self.pivots[head] + rotation @ self.offset + flat @ rotation[:, :2].T
                hit = np.zeros(len(flat), bool)
                for other, turn in enumerate(rotations):
                    if other != head:
                        centre = self.pivots[other] + turn @ self.offset
                        for petal in self.petals:
                            hit |= meets(start, sun, centre, turn, petal)
                for face in self.faces:
                    base = face[0]
                    x = (face[1] - base) / np.linalg.norm(face[1] - base)
                    z = np.cross(x, face[2] - base)
                    z /= np.linalg.norm(z)
                    turn = np.stack([x, np.cross(z, x), z], axis=1)
                    hit |= meets(start, sun, base, turn, (face - base) @ turn[:, :2])
                share[head, number] = hit.mean()
        return share


def meets(start, sun, centre, rotation, outline):
    """Whether rays from points (N, 3) toward the sun meet the outline after a nanometre."""
    down = sun @ rotation[:, 2]
    if abs(down) < 1e-12:
        return np.zeros(len(start), bool)
    way = ((centre - start) @ rotation[:, 2]) / down
    flat = (start + way[:, None] * sun - centre) @ rotation[:, :2]
    return (way > COPLANAR_M) & inside(flat, outline)


def inside(points, outline):
    """Even-odd rule, for any simple outline."""
    odd = np.zeros(len(points), bool)
    for a, b in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        crosses = (a[1] > points[:, 1]) != (b[1] > points[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            x = a[0] + (points[:, 1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        odd ^= crosses & (points[:, 0] < x)
    return odd


def spread(outline, number):
    """About so many points inside an outline, on a square raster."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    step = np.sqrt(Polygon(outline).area / number)
    x = np.arange(low[0] + step / 2, high[0], step)
    y = np.arange(low[1] + step / 2, high[1], step)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return points[inside(points, outline)]


def rectangle(width, height):
    return [np.array(box(-width / 2, -height / 2, width / 2, height / 2).exterior.coords)[:4]]


def regular(sides, radius, turn_deg=0.0):
    bearing = np.radians(turn_deg) + 2.0 * np.pi * np.arange(sides) / sides
    return [radius * np.stack([np.cos(bearing), np.sin(bearing)], axis=-1)]


def flower(petals=12, area_m2=18.0):
    from tracker.array.head import petal_polygons
    from tracker.plant import Head

    return list(petal_polygons(Head(petals=petals, area_m2=area_m2, pivot_height_m=3.0, foldable=True)))


def hexagonal(heads, spacing_m, slope_deg=0.0, slope_azimuth_deg=0.0):
    """The `heads` points of a hexagonal lattice that are nearest to its centre, on a slope, pivots 3 m up."""
    from tracker.array.layout import on_slope

    reach = int(np.ceil(np.sqrt(heads))) + 1
    i, j = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    plan = spacing_m * np.stack([i + 0.5 * j, np.sqrt(0.75) * j], axis=-1).reshape(-1, 2)
    order = np.lexsort((plan[:, 0], plan[:, 1], np.round(np.hypot(plan[:, 0], plan[:, 1]), 6)))[:heads]
    level = np.column_stack([plan[order], np.full(heads, 3.0)])
    return on_slope(level, slope_deg, slope_azimuth_deg)


def facing(sun, heads):
    """Every head faces the sun: (T, H, 3, 3)."""
    rotation = enu_from_normal(sun)[:, np.newaxis]
    return np.broadcast_to(rotation, (len(sun), heads, 3, 3))


def suns(rng, count, lowest_deg=5.0, highest_deg=60.0):
    return enu_from_azel(rng.uniform(0.0, 360.0, count), rng.uniform(lowest_deg, highest_deg, count))


def own_ways(rng, sun, heads, spread_deg=15.0):
    """Every head faces somewhere near the sun, and is turned about its normal as well: (T, H, 3, 3)."""
    aim = sun[:, np.newaxis] + np.tan(np.radians(spread_deg)) * rng.uniform(-1.0, 1.0, (len(sun), heads, 3))
    turn = rng.uniform(-np.pi, np.pi, (len(sun), heads))
    cos, sin, zero = np.cos(turn), np.sin(turn), np.zeros_like(turn)
    about = np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, zero + 1.0], axis=-1)
    return enu_from_normal(aim) @ about.reshape(*turn.shape, 3, 3)


class Shapes:
    """What tests build fields from."""

    rectangle = staticmethod(rectangle)
    regular = staticmethod(regular)
    flower = staticmethod(flower)
    hexagonal = staticmethod(hexagonal)
    facing = staticmethod(facing)
    suns = staticmethod(suns)
    own_ways = staticmethod(own_ways)
    PolygonOracle = PolygonOracle
    RayOracle = RayOracle


@pytest.fixture(params=["numpy", "numba"])
def how(request):
    """Both ways through the same geometry."""
    return request.param


@pytest.fixture(scope="session")
def shapes():
    return Shapes
