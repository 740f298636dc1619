"""Finding where to look past the sun, once for a site.

Just at an instant the best orientation clings to the edge of a shadow. Each node of the table therefore
maximises the light expected over its patch of sky, which is what interpolation, the sun's disk and the errors
of real heads leave open anyway. A net over the coarse band finds the hills, finer bands climb on from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from tracker.aiming.aim_scene import Scene, Worth, climbed, hilltops, in_parts
from tracker.aiming.aim_walk import walked
from tracker.aiming.shade_avoidance import BRANCH_DEG, AimTable, looking_past
from tracker.aiming.sun_band import BAND_DEG, BandNodes, sun_of_band
from tracker.frames import azimuth_deg, elevation_deg
from tracker.plant import Limits
from tracker.units import BoolArray, FloatArray

LOOK_DEG: Final = 7.5  # between nodes at the first look, whether there is anything to gain
RIGHT_DEG: Final = (0.0, 5.0, 10.0, 16.0, 23.0, 31.0, 40.0, 52.0, 66.0)
UP_DEG: Final = (
    -62.0,
    -48.0,
    -36.0,
    -26.0,
    -18.0,
    -11.0,
    -5.0,
    0.0,
    5.0,
    11.0,
    18.0,
    26.0,
    36.0,
    48.0,
    62.0,
    78.0,
)
MOST_DEG: Final = 80.0  # past the sun
APART_DEG: Final = 8.0  # hills are not nearer to each other on the coarse band, and half of it on finer ones
RINGS_DEG: Final = (6.0, 13.0, 22.0, 35.0)  # of places for two heads together
ROUNDS: Final = 2  # over the heads, where each is searched for
WORTHWHILE: Final = 0.002  # of the light at a node; chosen: for less, heads keep facing the sun there
OWN_LOSS: Final = 0.03  # of all nodes' light; chosen: few heads that lose less to shade are not searched for
FIELD_GAIN: Final = 0.01  # of all nodes' light; chosen: for less, they do so everywhere
DRIVE_W_M2: Final = 50.0  # price of a second's motion: 60 W of a head of 2.5 kW, twice to be sure
LOST_W_M2: Final = 300.0  # and the light lost on the way to another side of a shadow, all heads; chosen
OWN_LOST_W_M2: Final = 50.0  # by one of few heads: meanwhile it is no worse off than facing the sun; chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One of the bands that are searched: so far apart its nodes, so far the steps, so many hills kept."""

    apart_deg: float
    steps_deg: tuple[float, ...]
    hills: int


ALIKE: Final = (  # finer and finer; the last is the table's
    Band(apart_deg=2.5, steps_deg=(4.0, 2.0, 1.0), hills=6),
    Band(apart_deg=1.25, steps_deg=(1.2, 0.6), hills=5),
    Band(apart_deg=0.625, steps_deg=(0.6, 0.3), hills=3),
)
OWN: Final = (  # of heads by themselves, whose hills are narrow: at last nodes learn from their neighbours
    Band(apart_deg=2.5, steps_deg=(4.0, 2.0, 1.0), hills=6),
    Band(apart_deg=1.25, steps_deg=(2.0, 1.2, 0.6), hills=6),
    Band(apart_deg=0.625, steps_deg=(1.2, 0.6, 0.6, 0.3), hills=4),
    Band(apart_deg=0.625, steps_deg=(0.6, 0.3, 0.3), hills=4),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """What is searched for: the light that common orientations are worth, quickly and exactly.

    alone is the light without any shade. each is the exact light for orientations (N, H, 3) of few heads that
    are to have their own ways, and heads their number; None where all look alike.
    """

    limits: Limits
    alone: Worth
    quick: Worth
    exact: Worth
    each: Worth | None = None
    heads: int | None = None

    @property
    def bands(self) -> tuple[Band, ...]:
        """What is searched one after the other."""
        return ALIKE if self.each is None else OWN

    @property
    def worth(self) -> Worth:
        """The exact light of what the table holds, common or own."""
        return self.exact if self.each is None else self.each


def searched(
    latitude_deg: float,
    field: Field,
    band_deg: float = BAND_DEG,
    advance: Callable[[float], None] = lambda _share: None,
) -> AimTable | None:
    """The table for a field at a latitude; None where a first look finds too little to gain.

    Heads then face the sun, as they do wherever they would gain little by looking elsewhere. band_deg is how
    far from the equator suns are expected: that of the year, unless only a part of it is wanted. advance is
    told the share of the work that is done, first when a first look has found that there is any.
    """
    if not _promising(field, BandNodes.every(LOOK_DEG, latitude_deg, band_deg)):
        return None
    advance(0.0)
    first, *finer = field.bands
    nodes = BandNodes.every(first.apart_deg, latitude_deg, band_deg)
    scene = Scene(suns_enu=nodes.patches(), worth=field.worth, limits=field.limits)
    found = _Found.on(nodes, climbed(scene.thinned(), _coarse(scene, field), first.steps_deg), scene)
    for turn, band in enumerate(finer):
        nodes = BandNodes.every(band.apart_deg, latitude_deg, band_deg)
        found = _finer(found, nodes, band, field, _part(advance, DONE[turn], DONE[turn + 1]))
    return _confirmed(found.table(field.limits), found.nodes, field.worth)


def _part(advance: Callable[[float], None], begin: float, end: float) -> Callable[[float], None]:
    return lambda share: advance(begin + (end - begin) * share)


def _promising(field: Field, nodes: BandNodes) -> bool:
    """Whether there is enough to gain: by the best of a net for heads all alike, else what shade takes."""
    scene = Scene(suns_enu=nodes.patches(), worth=field.quick, limits=field.limits).thinned()
    light = _facing(scene)
    if field.heads is not None:
        return bool(np.sum(_facing(replace(scene, worth=field.alone))) > (1.0 + OWN_LOSS) * np.sum(light))
    best = np.maximum(np.max(scene.light(_net(len(light))), axis=1), light)
    return bool(np.sum(best) > (1.0 + FIELD_GAIN) * np.sum(light))


def _facing(scene: Scene) -> FloatArray:
    """The light (N,) of heads that face the sun."""
    return scene.light(np.zeros((len(scene.suns_enu), 1, 2)))[:, 0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """Offsets (D, W, K, ...) for every node, the first facing the sun, with their light (D, W, K)."""

    nodes: BandNodes
    past_deg: FloatArray
    light: FloatArray

    @staticmethod
    def on(nodes: BandNodes, hills: tuple[FloatArray, FloatArray], scene: Scene) -> "_Found":
        """The hills (N, K, ...) of the day's nodes, and facing the sun."""
        past_deg, light = hills
        facing = np.zeros_like(past_deg[:, :1])
        return _Found(
            nodes=nodes,
            past_deg=nodes.spread(np.concatenate([facing, past_deg], axis=1)),
            light=nodes.spread(np.concatenate([scene.light(facing), light], axis=1)),
        )

    def pays(self) -> BoolArray:
        """Nodes (D, W) where any other place is worth while."""
        return np.asarray(np.max(self.light, axis=2) > (1.0 + WORTHWHILE) * self.light[:, :, 0])

    def around(self, finer: BandNodes) -> tuple[FloatArray, BoolArray]:
        """Offsets (N, 4 K, ...) of the nodes around each place of a finer band, and where any pays.

        (N, 9 K, ...) of each node and its neighbours where the band is as fine.
        """
        i, j = np.nonzero(finer.day)
        a = (finer.declination_deg[i] - self.nodes.declination_deg[0]) / self.nodes.step_deg
        b = (finer.hour_deg[j] - self.nodes.hour_deg[0]) / self.nodes.step_deg
        ways = BETWEEN if finer.step_deg < self.nodes.step_deg else BESIDE
        rows = [np.clip(way(a).astype(np.int64), 0, len(self.nodes.declination_deg) - 1) for way in ways]
        columns = [np.clip(way(b).astype(np.int64), 0, len(self.nodes.hour_deg) - 1) for way in ways]
        corners = [(row, column) for row in rows for column in columns]
        pays = self.pays()
        return (
            np.concatenate([self.past_deg[corner][:, 1:] for corner in corners], axis=1),
            np.any([pays[corner] for corner in corners], axis=0),
        )

    def table(self, limits: Limits) -> AimTable:
        """The best way through every day."""
        light = self.light.copy()
        light[:, :, 0] *= 1.0 + WORTHWHILE
        return AimTable(
            latitude_deg=self.nodes.latitude_deg,
            declination_deg=self.nodes.declination_deg,
            hour_deg=self.nodes.hour_deg,
            past_sun_deg=walked(self.past_deg, light, self.nodes.day, self._price(limits)),
        )

    def _price(self, limits: Limits) -> FloatArray:
        """What ways between places of neighbouring hours cost, (D, W - 1, K, K), mean of the heads.

        Azimuth does not pass the end of its range: heads go round the other way there.
        """
        own = self.past_deg.reshape(*self.past_deg.shape[:3], -1, 2)
        band = np.meshgrid(self.nodes.declination_deg, self.nodes.hour_deg, indexing="ij")
        sun = sun_of_band(*band, self.nodes.latitude_deg)
        normal = looking_past(sun[:, :, np.newaxis, np.newaxis], own)
        end_deg = limits.azimuth_range_deg[1]
        azimuth = end_deg - (end_deg - azimuth_deg(normal)) % 360.0
        travel_s = np.maximum(
            np.abs(_changes(azimuth)) / limits.azimuth_rate_deg_s,
            np.abs(_changes(elevation_deg(normal))) / limits.elevation_rate_deg_s,
        )
        crosses = np.hypot(_changes(own[..., 0]), _changes(own[..., 1])) > BRANCH_DEG
        node_s = self.nodes.step_deg * SECONDS_PER_DEGREE
        lost_w_m2 = LOST_W_M2 if own.shape[3] == 1 else OWN_LOST_W_M2
        return np.asarray(np.mean((DRIVE_W_M2 + lost_w_m2 * crosses) * travel_s / node_s, axis=-1))


SECONDS_PER_DEGREE: Final = 240.0  # of hour angle


def _changes(values: FloatArray) -> FloatArray:
    """From each place (D, W, K, H) to each of the next hour's, (D, W - 1, K, K, H)."""
    return np.asarray(values[:, 1:, np.newaxis] - values[:, :-1, :, np.newaxis])


Way = Callable[[FloatArray], FloatArray]
BETWEEN: Final[tuple[Way, ...]] = (np.floor, np.ceil)
BESIDE: Final[tuple[Way, ...]] = (
    np.rint,
    lambda place: np.rint(place) - 1.0,
    lambda place: np.rint(place) + 1.0,
)


def _finer(
    found: _Found, nodes: BandNodes, band: Band, field: Field, advance: Callable[[float], None]
) -> _Found:
    """The same on a finer band, from the hills around; where none of them paid, heads face the sun."""
    past_deg, pays = found.around(nodes)
    scene = Scene(suns_enu=nodes.patches(), worth=field.worth, limits=field.limits).thinned()
    tops = np.zeros((len(pays), band.hills, *past_deg.shape[2:]))
    light = np.zeros((len(pays), band.hills))
    for turn, part in enumerate(np.array_split(np.flatnonzero(pays), PARTS)):
        advance(turn / PARTS)
        here, begin = scene.at(part), past_deg[part]
        starts, _ = hilltops(begin, here.light(begin), band.hills, 0.5 * APART_DEG)
        tops[part], light[part] = climbed(here, starts, band.steps_deg)
    return _Found.on(nodes, (tops, light), scene)


PARTS: Final = 20  # of the work on a band, after each of which it is said how far it is
DONE: Final = (0.2, 0.35, 0.75, 1.0)  # share of the whole after each band, about


def _coarse(scene: Scene, field: Field) -> FloatArray:
    """Where to begin climbing, (N, K, ...): from common hills head after head, if each has its own way."""
    net = _net(len(scene.suns_enu))
    light = replace(scene, worth=field.quick).thinned().light(net)
    tops = hilltops(net, light, field.bands[0].hills, APART_DEG)[0]
    if field.heads is None:
        return tops
    own = np.repeat(tops[:, :, np.newaxis], field.heads, axis=2)
    alone, quick = (_facing(replace(scene, worth=worth)) for worth in (field.alone, field.quick))
    shaded = quick < (1.0 - WORTHWHILE) * alone
    here, facing = scene.at(shaded).thinned(), np.zeros_like(own[shaded, 0])
    pairs = [_best_of(here, facing, pair, _rings()) for pair in combinations(range(field.heads), 2)]
    begun = np.stack([_turned(here, start) for start in (own[shaded, 0], facing, *pairs)], axis=1)
    more = np.zeros((len(own), *begun.shape[1:]))
    more[shaded] = begun
    return np.concatenate([own, more], axis=1)


def _turned(scene: Scene, past_deg: FloatArray) -> FloatArray:
    """Offsets (N, H, 2) after every head in turn has taken the best place for it."""
    net = _net(1)[0, ::2]  # every head is looked at by itself: half as many will do
    for head in [*range(past_deg.shape[1])] * ROUNDS:
        past_deg = _best_of(scene, past_deg, (head,), net)
    return past_deg


def _best_of(scene: Scene, past_deg: FloatArray, heads: Sequence[int], net: FloatArray) -> FloatArray:
    """Offsets (N, H, 2) with the best that some heads together can do on a net (C, 2), all others held."""
    places = np.stack(np.meshgrid(*[np.arange(len(net))] * len(heads)), axis=-1).reshape(-1, len(heads))
    varied = np.repeat(past_deg[:, np.newaxis], 1 + len(places), axis=1)
    varied[:, 1:, list(heads)] = net[places]
    best = np.argmax(scene.light(varied), axis=1)
    return np.asarray(varied[np.arange(len(best)), best])


def _rings() -> FloatArray:
    """A coarser net around the sun, (C, 2), for two heads together."""
    turn = 2.0 * np.pi * np.arange(6) / 6
    rings = [reach * np.stack([np.cos(turn), np.sin(turn)], axis=-1) for reach in RINGS_DEG]
    return np.concatenate([np.zeros((1, 2)), *rings])


def _confirmed(table: AimTable, nodes: BandNodes, worth: Worth) -> AimTable | None:
    """The table with those nodes facing the sun around which looking past it does not pay after all.

    It is tried half way between nodes, at suns that had no part in the choice, and as it will be used.
    None where nothing is left.
    """
    day = np.any(table.past_sun_deg.reshape(*nodes.day.shape, -1) != 0.0, axis=-1) & nodes.day
    tried = replace(nodes, day=day)
    suns = tried.patches(0.5 * HALVES)
    sun = suns.reshape(-1, 3)
    facing = sun if table.heads is None else np.repeat(sun[:, np.newaxis], table.heads, axis=1)
    past, plain = (
        in_parts(worth, normal, sun).reshape(suns.shape[:2]) for normal in (table.normals(sun), facing)
    )
    fails = tried.spread((np.mean(past, axis=1) <= np.mean(plain, axis=1)) * 1.0) > 0.0
    past_deg = table.past_sun_deg.copy()
    past_deg[fails] = 0.0
    return replace(table, past_sun_deg=past_deg) if np.any(past_deg) else None


HALVES: Final = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def _net(nodes: int) -> FloatArray:
    """A coarse net of offsets, (nodes, C, 2)."""
    right = np.concatenate([-np.array(RIGHT_DEG[:0:-1]), RIGHT_DEG])
    net = np.stack(np.meshgrid(right, UP_DEG, indexing="ij"), axis=-1).reshape(-1, 2)
    net = net[np.hypot(net[:, 0], net[:, 1]) < MOST_DEG]
    return np.broadcast_to(net, (nodes, *net.shape))
