"""Beam shading against twoaxistracking, side by side in one run, on one thread.

Run: python benchmarks/shading_speed.py. Prints ratios, asked and measured; writes
benchmarks/results/shading_speed.json. Heads stand in a hexagonal field, 7 m apart, 18 m2 each (ground cover
0.42); suns are drawn from a year of minutes at Shenzhen. The thread's own CPU time counts, and contenders
take turns, round by round, so that a busy machine slows all of them alike: twoaxistracking does a share of
the suns in each round, all of them in the end, and we do all of them each time; its mean stands beside our
median. It is asked head by head with that head's own neighbours (a finite field) and its own cut-off
elevation, which spares it high suns.
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numba
import numpy as np
import shapely
import twoaxistracking
from shapely.geometry import MultiPolygon, Point, Polygon
from twoaxistracking import layout, shading

from tracker.array.head import petal_polygons
from tracker.array.shading import enu_from_normal, head_shading, shading_field
from tracker.frames import azimuth_deg, elevation_deg
from tracker.plant import Head, Site
from tracker.sun import sun_position

ROOT = Path(__file__).resolve().parents[1]
SPACING_M, AREA_M2, JITTER_M, SPREAD = 7.0, 18.0, 0.3, 0.03
LOW_DEG = 5.0
ROUNDS, THEIR_SUNS = 9, 20
SUNS = ROUNDS * THEIR_SUNS
SITE = Site(
    name="Shenzhen North",
    latitude_deg=22.6097,
    longitude_deg=114.0296,
    altitude_m=80.0,
    timezone="Asia/Shanghai",
)
SIZES = (25, 100, 400, 1600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing asked for: at least or at most `asked`, and what came out."""

    what: str
    asked: float
    at_least: bool
    measured: float

    @property
    def met(self):
        return self.measured >= self.asked if self.at_least else self.measured <= self.asked


def rectangle():
    """As wide as 1.6 times its height."""
    half_m = np.sqrt(AREA_M2 / 1.6) / 2.0
    return [half_m * np.array([[-1.6, -1.0], [1.6, -1.0], [1.6, 1.0], [-1.6, 1.0]])]


def dodecagon():
    bearing = np.radians(15.0 + 30.0 * np.arange(12))
    radius_m = np.sqrt(AREA_M2 / (6.0 * np.sin(np.pi / 6.0)))
    return [radius_m * np.stack([np.cos(bearing), np.sin(bearing)], axis=-1)]


def flower():
    return list(petal_polygons(Head(petals=12, area_m2=AREA_M2, pivot_height_m=3.0, foldable=True)))


def hexagonal(heads):
    """The heads of a hexagonal lattice that are nearest to its centre."""
    reach = int(np.sqrt(heads)) + 2
    i, j = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    plan = SPACING_M * np.stack([i + 0.5 * j, np.sqrt(0.75) * j], axis=-1).reshape(-1, 2)
    nearest = np.argsort(np.hypot(plan[:, 0], plan[:, 1]), kind="stable")[:heads]
    return np.column_stack([plan[nearest], np.full(heads, 3.0)])


def suns(rng, lowest_deg, highest_deg, count):
    minutes = np.datetime64("2025-01-01", "us") + np.arange(525_600) * np.timedelta64(60, "s")
    position = sun_position(minutes, SITE)
    inside = (position.elevation_deg > lowest_deg) & (position.elevation_deg < highest_deg)
    return position.direction_enu[rng.choice(np.flatnonzero(inside), count, replace=False)]


def facing(sun, heads):
    return np.broadcast_to(enu_from_normal(sun)[:, np.newaxis], (len(sun), heads, 3, 3))


def own_ways(rng, sun, heads):
    """Each head a degree or two off the sun."""
    return enu_from_normal(sun[:, np.newaxis] + SPREAD * rng.uniform(-1.0, 1.0, (len(sun), heads, 3)))


class Ours:
    """Nanoseconds a head and time."""

    def __init__(self, petals, pivots, sun, turned=None):
        self._field = shading_field(pivots_enu_m=pivots, petals_m=petals)
        self._sun = sun
        self._turned = facing(sun, len(pivots)) if turned is None else turned
        self.share = self.shade()

    def shade(self):
        return head_shading(self._field, self._turned, self._sun, how="numba")

    def __call__(self, round_):
        started = time.thread_time()
        self.shade()
        return 1e9 * (time.thread_time() - started) / self.share.size


class Theirs:
    """twoaxistracking: nanoseconds a head and time, other suns of the same draw in each round."""

    def __init__(self, petals, pivots, sun):
        polygons = [Polygon(petal) for petal in petals]
        self._collector = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
        self._spacing_m = 2.0 * self._collector.hausdorff_distance(Point(0.0, 0.0))  # as their TrackerField
        self._sun = sun
        self._around = [self._neighbours(pivots, head) for head in range(len(pivots))]

    def _neighbours(self, pivots, head):
        to = np.delete(pivots, head, axis=0) - pivots[head]
        distance_m = np.hypot(to[:, 0], to[:, 1])
        slope_deg = np.degrees(np.arctan2(to[:, 2], distance_m))
        highest_deg = layout.max_shading_elevation(self._collector, distance_m, slope_deg)
        return distance_m, azimuth_deg(to), slope_deg, highest_deg

    def shade(self, sun):
        sky = list(zip(elevation_deg(sun).tolist(), azimuth_deg(sun).tolist(), strict=True))
        return np.array([[self._one(around, *place) for around in self._around] for place in sky])

    def _one(self, around, high_deg, bearing_deg):
        *neighbours, highest_deg = around
        return shading.shaded_fraction(
            high_deg, bearing_deg, self._collector, self._collector, self._spacing_m, *neighbours,
            max_shading_elevation=highest_deg,
        )  # fmt: skip

    def __call__(self, round_):
        sun = self._sun[round_ * THEIR_SUNS : (round_ + 1) * THEIR_SUNS]
        started = time.thread_time()
        share = self.shade(sun)
        return 1e9 * (time.thread_time() - started) / share.size


def medians(contenders):
    """Middle nanoseconds of each contender; they take turns. Theirs are means over the rounds' suns."""
    taken = {name: [] for name in contenders}
    for round_ in range(ROUNDS):
        for name, measure in contenders.items():
            taken[name].append(measure(round_))
    middle = {True: np.mean, False: np.median}
    return {name: float(middle[name.startswith("twoaxistracking")](ns)) for name, ns in taken.items()}


def field_of_100(rng, sun):
    pivots = hexagonal(100)
    surveyed = pivots + JITTER_M * rng.uniform(-1.0, 1.0, pivots.shape)
    return {
        "rectangles": Ours(rectangle(), pivots, sun),
        "12-gons": Ours(dodecagon(), pivots, sun),
        "flowers": Ours(flower(), pivots, sun),
        "flowers, surveyed": Ours(flower(), surveyed, sun),
        "flowers, surveyed, own ways": Ours(flower(), surveyed, sun, own_ways(rng, sun, 100)),
        "twoaxistracking rectangles": Theirs(rectangle(), pivots, sun),
        "twoaxistracking 12-gons": Theirs(dodecagon(), pivots, sun),
        "twoaxistracking flowers": Theirs(flower(), pivots, sun),
    }


def sizes(rng):
    """Cost a head as the field grows."""
    sun = suns(rng, LOW_DEG, 90.0, SUNS // 3)
    contenders = {}
    for heads in SIZES:
        pivots = hexagonal(heads)
        surveyed = pivots + JITTER_M * rng.uniform(-1.0, 1.0, pivots.shape)
        contenders[f"rectangles {heads}"] = Ours(rectangle(), pivots, sun)
        contenders[f"flowers {heads}"] = Ours(flower(), pivots, sun)
        contenders[f"flowers, surveyed {heads}"] = Ours(flower(), surveyed, sun)
    return medians(contenders)


def furthest_apart(contenders, sun):
    """The largest difference of shares on what both can do."""
    few = slice(0, THEIR_SUNS)
    return max(
        float(
            np.max(
                np.abs(contenders[name].share[few] - contenders[f"twoaxistracking {name}"].shade(sun[few]))
            )
        )
        for name in ("rectangles", "12-gons", "flowers")
    )


def lines_of(ns, growing, apart):
    surveyed, own = ns["flowers, surveyed"], ns["flowers, surveyed, own ways"]
    gons, same = ns["twoaxistracking 12-gons"], ns["twoaxistracking flowers"]
    asked = [
        ("100 rectangles, times as fast", 400, True, ns["twoaxistracking rectangles"] / ns["rectangles"]),
        ("flowers, regular, times as fast as 12-gons there", 60, True, gons / ns["flowers"]),
        ("flowers, surveyed, times as fast as 12-gons there", 5, True, gons / surveyed),
        ("flowers, surveyed, times as fast as the flower there", 40, True, same / surveyed),
        ("every head its own way, times the cost of parallel", 2, False, own / surveyed),
        *(
            (
                f"{what}, a head among 1600 against among 400",
                1.25,
                False,
                growing[f"{what} 1600"] / growing[f"{what} 400"],
            )
            for what in ("rectangles", "flowers", "flowers, surveyed")
        ),
        ("largest difference of shares", 1e-9, False, apart),
    ]
    return [Line(what=w, asked=a, at_least=m, measured=float(v)) for w, a, m, v in asked]


def main():
    rng = np.random.default_rng(20250320)
    sun = suns(rng, LOW_DEG, 90.0, SUNS)
    contenders = field_of_100(rng, sun)
    apart = furthest_apart(contenders, sun)
    ns, growing = medians(contenders), sizes(rng)
    low = medians(field_of_100(rng, suns(rng, 0.1, LOW_DEG, SUNS)))
    lines = lines_of(ns, growing, apart)
    print(f"{'':56}{'asked':>10}{'measured':>10}")
    for line in lines:
        asked = f"{'>=' if line.at_least else '<='} {line.asked:g}"
        print(f"{line.what:56}{asked:>10}{line.measured:10.3g}  {'met' if line.met else 'MISSED'}")
    tables = {"ns_above_5_deg": ns, "ns_below_5_deg": low, "ns_as_the_field_grows": growing}
    for title, table in tables.items():
        print(f"{title}: " + ", ".join(f"{who} {value:.3g}" for who, value in table.items()))
    results = ROOT / "benchmarks" / "results" / "shading_speed.json"
    versions = {
        "numba": numba.__version__, "numpy": np.__version__, "shapely": shapely.__version__,
        "twoaxistracking": twoaxistracking.__version__,
    }  # fmt: skip
    document = {
        "versions": versions,
        "lines": [{**asdict(line), "met": line.met} for line in lines],
        **tables,
    }
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
