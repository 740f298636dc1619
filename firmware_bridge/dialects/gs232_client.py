"""Yaesu GS-232A and B, the side of the host; positions are understood in either style."""

import re
from collections.abc import Sequence
from typing import Final

from firmware_bridge.dialects.requests import Declined, GetPose, GoTo, Halt, Pose
from firmware_bridge.errors import LocalProtocolError
from firmware_bridge.wire.schema import Message

STOP: Final = b"S\r" * 2  # the first may meet the rest of a spoiled line, and be refused with it
OBJECTS_WITHIN_S: Final = 0.05  # chosen: the pause that Hamlib makes after each write
REFUSED: Final = "?"  # what is left of `?>`
POSE: Final = re.compile(r"\+0([0-9]{3})\+0([0-9]{3})|AZ=([0-9]{3}) *EL=([0-9]{3})")


class Gs232:
    """Fits `text_session.Language`."""

    terminators: Final = b"\r\n>"

    def said(self, message: Message, attempt: int) -> bytes:
        """As `Language.said`, in the same words each time."""
        if isinstance(message, GetPose):
            return b"C2\r"
        if isinstance(message, GoTo):
            return f"W{message.azimuth_deg:03.0f} {message.elevation_deg:03.0f}\r".encode("ascii")
        if isinstance(message, Halt):
            return STOP
        raise LocalProtocolError(f"GS-232 cannot say {type(message).__name__}; use another protocol")

    def silence_s(self, message: Message) -> float | None:
        """Commands are not answered, but may be refused."""
        return None if isinstance(message, GetPose) else OBJECTS_WITHIN_S

    def understood(self, message: Message, lines: Sequence[str]) -> Message | None:
        """A position, or that a move was refused."""
        if isinstance(message, GoTo) and REFUSED in lines:
            return Declined("it answers ?>: an angle outside its range, or a command it does not know")
        if not isinstance(message, GetPose):
            return None
        for line in lines:
            match = POSE.fullmatch(line.strip())
            if match:
                azimuth, elevation = (text for text in match.groups() if text is not None)
                return Pose(azimuth_deg=float(azimuth), elevation_deg=float(elevation))
        return None
