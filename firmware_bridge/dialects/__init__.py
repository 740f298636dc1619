"""The languages that heads speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.capabilities import (
    EASYCOMM2,
    EASYCOMM3,
    GS232A,
    GS232B,
    NATIVE,
    ROTCTLD,
    Capabilities,
)
from firmware_bridge.dialects.sunspec.capabilities import MODEL_601
from firmware_bridge.wire.session import Patience

UNHURRIED: Final = Patience(reply_within_s=0.5, tries=3)  # chosen: the slowest controller answers in that


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a protocol can do, and how its lines are usually run."""

    capabilities: Capabilities
    baud: int
    patience: Patience


DIALECTS: Final[Mapping[str, Dialect]] = {
    "native": Dialect(capabilities=NATIVE, baud=115200, patience=Patience()),
    # Speeds as Hamlib opens these models, the fastest that each may have.
    "easycomm2": Dialect(capabilities=EASYCOMM2, baud=19200, patience=UNHURRIED),
    "easycomm3": Dialect(capabilities=EASYCOMM3, baud=19200, patience=UNHURRIED),
    "gs232a": Dialect(capabilities=GS232A, baud=9600, patience=UNHURRIED),
    "gs232b": Dialect(capabilities=GS232B, baud=9600, patience=UNHURRIED),
    "rotctld": Dialect(capabilities=ROTCTLD, baud=9600, patience=Patience(reply_within_s=3.0, tries=1)),
    "sunspec": Dialect(capabilities=MODEL_601, baud=19200, patience=UNHURRIED),
}
