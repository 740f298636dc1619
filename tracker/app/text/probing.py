"""What was found on serial lines, as a document and for people."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from firmware_bridge.probing import FoundHead, ProbedLine
from firmware_bridge.reports import CAPABILITIES
from firmware_bridge.wire.schema import ResetCause

REMARKS: Final[tuple[tuple[str, bool, str], ...]] = (
    ("position_trusted", False, "position unknown"),
    ("moving", True, "moving"),
    ("emergency_stop", True, "EMERGENCY STOP pressed"),
    ("drive_enabled", False, "locked"),
    ("held", True, "stopped, holds"),
    ("wind_contact", True, "feels wind"),
)

# Either is driven as the other, so only the first was asked.
ALIKE: Final = {"gs232a": "gs232a or gs232b: name either, they are driven alike"}


def document_of(lines: Sequence[ProbedLine]) -> dict[str, Any]:
    """All lines as plain values."""
    return {
        "lines": [
            {
                "url": line.url,
                "protocol": line.protocol,
                "heads": [_head(head) for head in line.heads],
                "concerns": list(line.concerns),
                "troubles": list(line.troubles),
            }
            for line in lines
        ]
    }


def text_of(lines: Sequence[ProbedLine]) -> str:
    """All lines for people."""
    return "\n".join(line for one in lines for line in _told(one))


def _told(line: ProbedLine) -> list[str]:
    says = [f"{line.url}: {_summary(line)}"]
    for head in line.heads:
        says += [f"  {each}" for each in _head_told(head)]
    says += [f"  take care: {each}" for each in line.concerns]
    return says + [f"  TROUBLE: {each}" for each in line.troubles]


def _summary(line: ProbedLine) -> str:
    if line.protocol is None:
        return "nobody answers in any language known here; check power, wiring, and speed"
    spoken = ALIKE.get(line.protocol, line.protocol)
    return f"{len(line.heads)} head{'' if len(line.heads) == 1 else 's'}, {spoken}"


def _head_told(head: FoundHead) -> list[str]:
    status = asdict(head.status)
    remarks = [says for name, when, says in REMARKS if status[name] is when]
    remarks += [f"fault {head.status.fault_code}"] if head.status.fault_code else []
    azimuth_deg, elevation_deg = head.status.azimuth_deg, head.status.elevation_deg
    place = f"azimuth {azimuth_deg:.2f}, elevation {elevation_deg:.2f} deg"
    if not (math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)):
        place = "says no angles"
    first = f"address {head.address}: {', '.join([place, *remarks])}"
    if head.identity is None:
        return [first]
    identity = head.identity
    who = (
        f"  serial number {identity.serial}, firmware {identity.firmware_version}, last start: {_cause(head)}"
    )
    lacking = [no for bit, (_, no) in CAPABILITIES.items() if not identity.capabilities & bit]
    return [first, who, *(f"  it {each}" for each in lacking)]


def _head(head: FoundHead) -> Mapping[str, Any]:
    identity = head.identity
    known = (
        {}
        if identity is None
        else {
            "serial": identity.serial,
            "firmware": identity.firmware_version,
            "last_start": _cause(head),
            "can": _able(identity.capabilities),
        }
    )
    return {"address": head.address, **known, **asdict(head.status)}


def _cause(head: FoundHead) -> str:
    code = -1 if head.identity is None else head.identity.reset_cause
    return ResetCause(code).name.lower() if code in set(ResetCause) else f"cause {code}"


def _able(capabilities: int) -> list[str]:
    return [yes if capabilities & bit else no for bit, (yes, no) in CAPABILITIES.items()]
