"""Which calibration a site's controller applies."""

from collections.abc import Sequence
from pathlib import Path

from calibration import read_calibration
from tracker.aiming.facing import AsDrawn
from tracker.ports.pointing import Pointing


def calibration_path(site_file: Path) -> Path:
    """Where the calibration of a site file lies: beside it, under its name."""
    return site_file.with_name(f"{site_file.stem}.calibration.json")


def site_pointing(site_file: Path, names: Sequence[str], named: Path | None = None) -> tuple[Pointing, str]:
    """The pointing of a site's heads, and where it comes from, in words.

    `named` must be there; the file beside the site file may be missing, and then heads count as drawn.
    Raises InvalidInput for a calibration that cannot be used.
    """
    path = named or calibration_path(site_file)
    if named is None and not path.exists():
        return AsDrawn(), f"no {path}: heads count as drawn; calibrate them"
    calibration = read_calibration(path, names)
    missing = calibration.uncalibrated(names)
    rest = f"; as drawn, for want of sightings: {', '.join(missing)}" if missing else ""
    return calibration.model(names), f"calibration {path}{rest}"
