"""Hours of daylight side by side, in blocks of rows: what the loops hand to each other.

Every loop runs over a whole block and writes beside what it reads, at places known when it is compiled, so
that several hours are worked out at a time. Blocks are filled up with hours without light.
"""

from typing import Final

from tracker.units import FloatArray

BLOCK: Final = 128  # hours: a board and its room stay in the innermost cache

# rows of a board: the unit vector to the sun, light in W/m2 as in `tracker.pv.sky.Sky`, the air, the warming
# per W/m2 of light, the share of the light on level ground that comes from the sun's place, the zenith angle
EAST, NORTH, UP, BEAM, CIRCUMSOLAR, DOME, HORIZON, GROUND, AIR, WARMING, FROM_SUN, ZENITH_DEG = range(
    0, 12 * BLOCK, BLOCK
)
BOARD: Final = 12 * BLOCK

# rows of the room: a plane through the hours of a block, what its tilt decides, what comes of it
(
    PLANE_EAST, PLANE_NORTH, PLANE_UP, TILT_DEG, DOME_GLASS, GROUND_GLASS, FACING, SUN_GLASS, LIGHT, POWER,
    TOTAL, SEEN,
) = range(0, 12 * BLOCK, BLOCK)  # fmt: skip
ROOM: Final = 12 * BLOCK


def blocks_for(hours: int) -> int:
    """How many blocks so many hours fill."""
    return -(-hours // BLOCK)


def blank(hours: FloatArray, start: int, end: int) -> None:
    """Fill hours from start to end of boards (B, BOARD) with a sun that shines on nothing."""
    for k in range(start, end):
        block, i = k // BLOCK, k % BLOCK
        for row in range(0, BOARD, BLOCK):
            hours[block, row + i] = 0.0
        hours[block, UP + i] = 1.0


def lit(hours: FloatArray, count: int) -> int:
    """In how many of the hours the sun is up."""
    up = 0
    for k in range(count):
        up += hours[k // BLOCK, UP + k % BLOCK] < 1.0
    return up


def thinned(hours: FloatArray, count: int, stride: int, some: FloatArray) -> int:
    """Put one in so many of the hours with the sun up on the boards `some`, as `Daylight.every` does.

    How many blocks they fill.
    """
    kept, passed = 0, stride - 1 - stride // 2
    for k in range(count):
        passed += hours[k // BLOCK, UP + k % BLOCK] < 1.0
        if passed == stride:
            passed = 0
            for row in range(0, BOARD, BLOCK):
                some[kept // BLOCK, row + kept % BLOCK] = hours[k // BLOCK, row + k % BLOCK]
            kept += 1
    blocks = blocks_for(kept)
    blank(some, kept, blocks * BLOCK)
    return blocks


PARTS: Final = (blocks_for, blank, lit, thinned)
