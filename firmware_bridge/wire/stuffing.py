"""Consistent overhead byte stuffing: no zero inside, so that a zero always ends a frame.

Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Trans. Networking 7(2), 1999, section III.
Frames here are shorter than one full block of 254 bytes, so the overhead is always one byte.
"""

from typing import Final

LONGEST_PLAIN: Final = 253


def stuff(plain: bytes) -> bytes:
    """The same bytes without zeros, one byte longer. Raises ValueError past LONGEST_PLAIN bytes."""
    if len(plain) > LONGEST_PLAIN:
        raise ValueError(f"{len(plain)} bytes do not fit one block; the longest is {LONGEST_PLAIN}")
    return b"".join(bytes((len(run) + 1,)) + run for run in plain.split(b"\0"))


def unstuff(stuffed: bytes) -> bytes | None:
    """What was stuffed, or None when the length bytes do not add up."""
    runs, position, end = [], 0, len(stuffed)
    while position < end:
        following = position + stuffed[position]
        if following == position or following > end:
            return None
        runs.append(stuffed[position + 1 : following])
        position = following
    return b"\0".join(runs)
