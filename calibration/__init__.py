"""What the hardware really is, as opposed to the drawing."""

from calibration.errors import IllConditioned, NotConverged
from calibration.fit import fit
from calibration.model import PointingModel
from calibration.plan import plan_sightings
from calibration.record import Calibration, HeadCalibration
from calibration.result import FitResult, HeadFit
from calibration.sightings import Sightings
from calibration.store import read_calibration, read_sightings, write_calibration, write_sightings
from calibration.terms import ALL_TERMS, TERMS, Term
from calibration.validation import cross_validated_misses_deg, misses_deg

__all__ = [
    "ALL_TERMS",
    "TERMS",
    "Calibration",
    "FitResult",
    "HeadCalibration",
    "HeadFit",
    "IllConditioned",
    "NotConverged",
    "PointingModel",
    "Sightings",
    "Term",
    "cross_validated_misses_deg",
    "fit",
    "misses_deg",
    "plan_sightings",
    "read_calibration",
    "read_sightings",
    "write_calibration",
    "write_sightings",
]
