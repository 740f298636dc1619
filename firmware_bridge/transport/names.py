"""Names of serial ports: /dev/ttyUSB0 is another device after the next plug-in, its name by id is not.

udev makes these names from the adapter's maker, model and serial number. Adapters without a serial number
share one; for two of those name /dev/serial/by-path/... instead.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serial.tools import list_ports

BY_ID: Final = Path("/dev/serial/by-id")
LASTING: Final = ("/dev/serial/",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePort:
    """A serial port of this machine: `url` is the name to open it by, the lasting one where there is one."""

    url: str
    device: str
    description: str


def lasting_name(path: str, by_id: Path = BY_ID) -> str | None:
    """The name by id that leads to the same device as a bare one; None where there is none, or it is one."""
    if path.startswith(LASTING) or not Path(path).exists():
        return None
    device = Path(path).resolve()
    return next((name for name, leads_to in _by_id(by_id).items() if leads_to == device), None)


def candidate_ports(by_id: Path = BY_ID) -> list[CandidatePort]:
    """Every serial port that real hardware stands behind, in order of its name."""
    names = {device: name for name, device in _by_id(by_id).items()}
    described = {Path(port.device).resolve(): port.description for port in list_ports.comports()}
    return [
        CandidatePort(
            url=names.get(device, str(device)),
            device=str(device),
            description=described.get(device, "no description"),
        )
        for device in sorted(described.keys() | names.keys())
    ]


def _by_id(folder: Path) -> dict[str, Path]:
    """Names that lead to a device that is there, and the device."""
    if not folder.is_dir():
        return {}
    return {str(link): link.resolve() for link in sorted(folder.iterdir()) if link.exists()}
