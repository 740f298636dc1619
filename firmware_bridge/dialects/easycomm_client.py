"""EasyComm II and III, the side of the host."""

import re
from collections.abc import Sequence
from typing import Final

from firmware_bridge.dialects.requests import ForeignFault, GetPose, GoTo, Halt, Pose
from firmware_bridge.errors import LocalProtocolError
from firmware_bridge.wire.schema import Message

QUERIES: Final = (b"AZ EL \n", b"AZ\nEL\n")  # of Hamlib up to 4.5, and since 4.6
REGISTERS: Final = b"GS\nGE\n"
STOP: Final = b"SA SE \n" * 2  # the first may meet the rest of a spoiled line
MOVING: Final = 2
ANGLES: Final = re.compile(r"(AZ|EL)([+-]?[0-9]{1,3}(?:\.[0-9]{1,6})?)")
REGISTER: Final = re.compile(r"(GS|GE)([0-9]{1,3})")
FAULT_BITS: Final = {1: ForeignFault.SENSOR, 2: ForeignFault.JAM, 4: ForeignFault.HOMING}


class EasyComm:
    """Fits `text_session.Language`. Version 3 asks for status and errors together with the position."""

    terminators: Final = b"\r\n"

    def __init__(self, version: int) -> None:
        self._registers = version >= 3

    def said(self, message: Message, attempt: int) -> bytes:
        """As `Language.said`; positions are asked for in the other style when the first finds no answer."""
        if isinstance(message, GetPose):
            return QUERIES[attempt % len(QUERIES)] + (REGISTERS if self._registers else b"")
        if isinstance(message, GoTo):
            return f"AZ{message.azimuth_deg:.1f} EL{message.elevation_deg:.1f}\n".encode("ascii")
        if isinstance(message, Halt):
            return STOP
        raise LocalProtocolError(f"EasyComm cannot say {type(message).__name__}; use another protocol")

    def silence_s(self, message: Message) -> float | None:
        """Commands are never answered, and never refused."""
        return None if isinstance(message, GetPose) else 0.0

    def understood(self, message: Message, lines: Sequence[str]) -> Message | None:
        """A position, said in one line or several; a line with any other word in it does not count."""
        values: dict[str, str] = {}
        for line in lines:
            matches = [ANGLES.fullmatch(word) or REGISTER.fullmatch(word) for word in line.split()]
            if all(matches):
                values |= {match[1]: match[2] for match in matches if match}
        wanted = {"AZ", "EL", "GS", "GE"} if self._registers else {"AZ", "EL"}
        if not isinstance(message, GetPose) or not wanted <= values.keys():
            return None
        errors = int(values.get("GE", "0"))
        return Pose(
            azimuth_deg=float(values["AZ"]),
            elevation_deg=float(values["EL"]),
            moving=int(values.get("GS", "0")) & MOVING != 0,
            fault_code=next((fault for bit, fault in FAULT_BITS.items() if errors & bit), 0),
        )
