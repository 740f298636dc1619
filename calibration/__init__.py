"""What the hardware really is, as opposed to the drawing."""

from calibration.model import PointingModel
from calibration.terms import ALL_TERMS, TERMS, Term

__all__ = ["ALL_TERMS", "TERMS", "PointingModel", "Term"]
