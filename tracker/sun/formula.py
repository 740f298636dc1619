"""From a node interval to a direction, written once for floats, arrays and numba.

The formulas of the first part are plain arithmetic, so that numpy arrays pass through them as they are. The
loops of the second part run the same formulas block by block and are meant for numba (`compiled.py`). They
live in this file because numba's cache notices a change of the compiled function's own file only.
"""

from math import factorial, pi
from typing import Final, TypeVar

import numpy as np

from tracker.units import FloatArray, IntArray

Number = TypeVar("Number", float, FloatArray)

BLOCK: Final = 256  # instants: nine buffers of it stay in the innermost cache
DEGREES_PER_RADIAN: Final = 180.0 / pi
ROW: Final = 16  # numbers of a node interval: cubics of x, y, z; sidereal turns and their rate; two to spare
X, Y, Z, TURN, TURN_RATE = 0, 4, 8, 12, 13  # columns of a row

LONGITUDE, SIN_LAT, COS_LAT, FROM_AXIS, ABOVE_EQUATOR, AIR, CUT_OFF = range(7)  # columns of a place
PLACE: Final = 7


BEND_DEG: Final = 1.02 / 60.0  # Saemundsson's refraction, as SPA takes it
BEND_DEG2, BEND_OFFSET_DEG = 10.3, 5.11


def cubic(s: Number, c0: Number, c1: Number, c2: Number, c3: Number) -> Number:
    """c0 + c1 s + c2 s^2 + c3 s^3."""
    return c0 + s * (c1 + s * (c2 + s * c3))


def topocentric_enu(
    xyz: tuple[Number, Number, Number],
    sin_turn: Number,
    cos_turn: Number,
    place: tuple[float, float, float, float],
) -> tuple[Number, Number, Number]:
    """East, north and up of a geocentric equatorial vector, as seen from a place.

    sin_turn, cos_turn: of the local mean sidereal time. place: sine and cosine of the geodetic latitude, then
    the observer's distances from the Earth's axis and above its equator in equatorial radii. Subtracting the
    observer is the whole of SPA's parallax (Reda and Andreas 2004, equations 34 to 40).
    """
    x, y, z = xyz
    sin_lat, cos_lat, from_axis, above_equator = place
    outward = x * cos_turn + y * sin_turn - from_axis
    along_axis = z - above_equator
    east = y * cos_turn - x * sin_turn
    return east, along_axis * cos_lat - outward * sin_lat, outward * cos_lat + along_axis * sin_lat


def refraction_argument_deg(elevation_deg: Number) -> Number:
    """The angle whose cotangent the refraction follows: h + 10.3 / (h + 5.11), h without refraction."""
    return elevation_deg + BEND_DEG2 / (elevation_deg + BEND_OFFSET_DEG)


def refraction_deg(air: Number, sin_argument: Number, cos_argument: Number) -> Number:
    """Refraction by Saemundsson's formula as in SPA (equation 42); air: from `observer.air_factor`."""
    return air * BEND_DEG * cos_argument / sin_argument


def lifted(level: Number, up: Number, angle_rad: Number) -> tuple[Number, Number]:
    """Horizontal and vertical part turned upward by a small angle, at most 0.02 rad (to 1e-16)."""
    square = angle_rad * angle_rad
    sine = angle_rad * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)))
    cosine = 1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0))
    return level * cosine - up * sine, up * cosine + level * sine


# --- block by block, for numba ---
ROUNDING: Final = 6755399441055744.0  # 1.5 * 2**52: adding and taking it away rounds to a whole number
TAN_PI_8: Final = np.sqrt(2.0) - 1.0


# with z the square of the argument, each to 2e-15: sin(pi t) / t and cos(pi t) for |t| <= 1/2 by Taylor ...
SINE: Final = tuple((-1) ** k * pi ** (2 * k + 1) / factorial(2 * k + 1) for k in range(12))
COSINE: Final = tuple((-1) ** k * pi ** (2 * k) / factorial(2 * k) for k in range(12))


def _arctangent_series() -> tuple[float, ...]:
    """... and atan(t) / t for |t| <= tan(pi / 8) by Chebyshev, since Taylor would need twenty terms."""
    fit = np.polynomial.Chebyshev.interpolate(
        lambda z: np.arctan(np.sqrt(z)) / np.sqrt(z), 12, domain=[0.0, TAN_PI_8**2]
    )
    powers = fit.convert(kind=np.polynomial.Polynomial, domain=[-1.0, 1.0], window=[-1.0, 1.0])
    return tuple(powers.coef.tolist())


ARCTANGENT: Final = _arctangent_series()


def horner(z: float, coefficients: tuple[float, ...]) -> float:
    """The polynomial at z, coefficients lowest first."""
    value = 0.0
    for power in range(len(coefficients) - 1, -1, -1):
        value = value * z + coefficients[power]
    return value


def sine_and_cosine(turn: float) -> tuple[float, float]:
    """Of an angle in turns, by way of half the angle: no quadrants, no branches."""
    half = turn - (turn + ROUNDING - ROUNDING)
    square = half * half
    sine, cosine = half * horner(square, SINE), horner(square, COSINE)
    return 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine


def arctangent(y: float, x: float) -> float:
    """atan2(y, x) in degrees within [-180, 180]; 0 for no direction at all."""
    a, b = abs(y), abs(x)
    low, high = min(a, b), max(a, b)
    steep = low > TAN_PI_8 * high
    ratio = (low - high if steep else low) / max(low + high if steep else high, 1e-300)
    angle = ratio * horner(ratio * ratio, ARCTANGENT) + (pi / 4.0 if steep else 0.0)
    angle = pi / 2.0 - angle if a > b else angle
    angle = pi - angle if x < 0.0 else angle
    return DEGREES_PER_RADIAN * (-angle if y < 0.0 else angle)


def fill(
    ticks: IntArray,
    per_day: int,
    table: FloatArray,
    first_day: int,
    tt_ahead: float,
    ut1_ahead: float,
    places: FloatArray,
    azimuth_deg: FloatArray,
    elevation_deg: FloatArray,
    apparent_deg: FloatArray,
    direction_enu: FloatArray,
) -> None:
    """Evaluate places (S, PLACE) at ticks (1, N), or each at ticks (S, N) of its own.

    Outputs are (S, N), direction (S, N, 3); one of size 0 is not wanted. tt_ahead, ut1_ahead: of UTC, days.
    """
    now, sky, enu = np.empty(BLOCK, dtype=np.int64), np.empty((4, BLOCK)), np.empty((4, BLOCK))
    high_deg, (sets, size) = np.empty(BLOCK), ticks.shape
    refracted = apparent_deg.size > 0 or direction_enu.size > 0
    for start in range(0, size, BLOCK):
        end = min(start + BLOCK, size)
        for s in range(len(places)):
            if s == 0 or sets > 1:
                now[: end - start] = ticks[s, start:end]  # ticks may lie apart in memory, or backward
                _interpolate(now[: end - start], per_day, table, first_day, tt_ahead, ut1_ahead, sky)
            _turn(end - start, sky, places[s], enu)
            if azimuth_deg.size:
                _azimuths(enu, azimuth_deg[s, start:end])
            if elevation_deg.size:
                _elevations(enu, elevation_deg[s, start:end])
            if refracted:
                _elevations(enu, high_deg[: end - start])
                _refract(places[s], enu, high_deg[: end - start])
            if apparent_deg.size:
                apparent_deg[s, start:end] = high_deg[: end - start]
            if direction_enu.size:
                _directions(enu, direction_enu[s, start:end])


def _interpolate(
    ticks: IntArray,
    per_day: int,
    table: FloatArray,
    first_day: int,
    tt_ahead: float,
    ut1_ahead: float,
    sky: FloatArray,
) -> None:
    """Vector and Greenwich sidereal turns of each tick; a run within one day has one row's constants."""
    x, y, z, turn = sky[0], sky[1], sky[2], sky[3]
    done, size, tick_days = 0, len(ticks), 1.0 / per_day
    while done < size:
        day = ticks[done] // per_day
        midnight, end = day * per_day, done + 1
        while end < size and 0 <= ticks[end] - midnight < per_day:
            end += 1
        row = table[day - first_day]
        x0, x1, x2, x3 = row[0], row[1], row[2], row[3]
        y0, y1, y2, y3 = row[4], row[5], row[6], row[7]
        z0, z1, z2, z3 = row[8], row[9], row[10], row[11]
        turn0, turn_rate = row[12], row[13]
        for i in range(done, end):
            part = (ticks[i] - midnight) * tick_days
            s = part + tt_ahead
            x[i] = cubic(s, x0, x1, x2, x3)
            y[i] = cubic(s, y0, y1, y2, y3)
            z[i] = cubic(s, z0, z1, z2, z3)
            turn[i] = turn0 + turn_rate * (part + ut1_ahead)
        done = end


def _turn(n: int, sky: FloatArray, place: FloatArray, enu: FloatArray) -> None:
    """East, north, up and the length of the level part, at one place."""
    x, y, z, turn = sky[0], sky[1], sky[2], sky[3]
    east, north, up, level = enu[0], enu[1], enu[2], enu[3]
    longitude, where = place[0], (place[1], place[2], place[3], place[4])
    for i in range(n):
        sine, cosine = sine_and_cosine(turn[i] + longitude)
        east_i, north_i, up_i = topocentric_enu((x[i], y[i], z[i]), sine, cosine, where)
        east[i], north[i], up[i] = east_i, north_i, up_i
        level[i] = np.sqrt(east_i * east_i + north_i * north_i)


def _azimuths(enu: FloatArray, out_deg: FloatArray) -> None:
    east, north = enu[0], enu[1]
    for i in range(len(out_deg)):
        angle_deg = arctangent(east[i], north[i])
        angle_deg = angle_deg + 360.0 if angle_deg < 0.0 else angle_deg
        out_deg[i] = 0.0 if angle_deg >= 360.0 else angle_deg


def _elevations(enu: FloatArray, out_deg: FloatArray) -> None:
    up, level = enu[2], enu[3]
    for i in range(len(out_deg)):
        out_deg[i] = arctangent(up[i], level[i])


def _refract(place: FloatArray, enu: FloatArray, elevation_deg: FloatArray) -> None:
    """Lift the vectors of a block, and their elevations, by refraction; their length stays."""
    east, north, up, level = enu[0], enu[1], enu[2], enu[3]
    air, cut_off_deg = place[5], place[6]
    for i in range(len(elevation_deg)):
        geometric_deg = elevation_deg[i]
        seen_deg = max(geometric_deg, cut_off_deg)
        sine, cosine = sine_and_cosine(refraction_argument_deg(seen_deg) / 360.0)
        bend_deg = refraction_deg(air, sine, cosine) if geometric_deg >= cut_off_deg else 0.0
        lifted_level, lifted_up = lifted(level[i], up[i], bend_deg / DEGREES_PER_RADIAN)
        shrink = lifted_level / max(level[i], 1e-300)
        east[i], north[i], up[i], level[i] = east[i] * shrink, north[i] * shrink, lifted_up, lifted_level
        elevation_deg[i] = geometric_deg + bend_deg


def _directions(enu: FloatArray, out_enu: FloatArray) -> None:
    east, north, up, level = enu[0], enu[1], enu[2], enu[3]
    for i in range(len(out_enu)):
        scale = 1.0 / np.sqrt(level[i] * level[i] + up[i] * up[i])
        out_enu[i, 0], out_enu[i, 1], out_enu[i, 2] = scale * east[i], scale * north[i], scale * up[i]


PARTS: Final = (
    cubic,
    topocentric_enu,
    refraction_argument_deg,
    refraction_deg,
    lifted,
    horner,
    sine_and_cosine,
    arctangent,
    _interpolate,
    _turn,
    _azimuths,
    _elevations,
    _refract,
    _directions,
)  # what `fill` calls, for numba to see through
