"""Where planes look that turn, hour by hour of a block, into the room."""

import math
from typing import Final

from tracker.study.sweeps.loops.blocks import (
    BLOCK,
    EAST,
    NORTH,
    PLANE_EAST,
    PLANE_NORTH,
    PLANE_UP,
    TILT_DEG,
    UP,
    ZENITH_DEG,
)
from tracker.sun.formula import arctangent
from tracker.units import FloatArray


def face_sun(now: FloatArray, room: FloatArray) -> None:
    """Two axes: as the sun stands."""
    for i in range(BLOCK):
        room[PLANE_EAST + i], room[PLANE_NORTH + i] = now[EAST + i], now[NORTH + i]
        room[PLANE_UP + i], room[TILT_DEG + i] = now[UP + i], now[ZENITH_DEG + i]


def turn_about_axis(now: FloatArray, back: float, limit_sine: float, room: FloatArray) -> None:
    """One level axis, north-south: `tracker.study.mountings.planes.single_axis_normals` without its angles.

    back is the ground cover ratio that it turns back for, 0 for never; limit_sine belongs to its travel.
    """
    limit_cosine = math.sqrt(1.0 - limit_sine * limit_sine)
    for i in range(BLOCK):
        across, up = abs(now[EAST + i]), now[UP + i]
        length = math.sqrt(across * across + up * up)
        sine, cosine = across / length, up / length
        seen = min(cosine / back, 1.0)
        unseen = math.sqrt(1.0 - seen * seen)
        turned_sine, turned_cosine = sine * seen - cosine * unseen, cosine * seen + sine * unseen
        far = turned_sine > limit_sine
        sine, cosine = (limit_sine, limit_cosine) if far else (turned_sine, turned_cosine)
        room[PLANE_EAST + i] = math.copysign(sine, now[EAST + i])
        room[PLANE_NORTH + i], room[PLANE_UP + i] = 0.0, cosine
        room[TILT_DEG + i] = arctangent(abs(sine), cosine)


PARTS: Final = (face_sun, turn_about_axis)
