"""The calibration of an array as a value and as JSON text, versioned."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Annotated, Final, Literal, Self

import numpy as np
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    NonNegativeFloat,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from calibration.model import PointingModel
from calibration.result import FitResult
from calibration.terms import TERMS, checked
from tracker.errors import InvalidInput
from tracker.units import FloatArray

SCHEMA: Final = "sunflower-calibration/1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadCalibration:
    """What is kept of one head's fit; covariance_deg2 (K, K) in the order of values_deg."""

    head: str
    values_deg: Mapping[str, float]
    covariance_deg2: FloatArray
    zero_rms_deg: float
    rms_deg: float
    sightings: int
    first_utc: np.datetime64
    last_utc: np.datetime64


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Heads as calibrated. epoch names the homing it belongs to: terms do not survive another one."""

    epoch: str
    heads: tuple[HeadCalibration, ...]

    @classmethod
    def of(cls, result: FitResult, epoch: str) -> Self:
        """What a fit found, for the homing named."""
        return cls(
            epoch=epoch,
            heads=tuple(
                HeadCalibration(
                    head=fit.head,
                    values_deg=fit.values,
                    covariance_deg2=fit.covariance_deg2,
                    zero_rms_deg=fit.zero_rms_deg,
                    rms_deg=fit.rms_deg,
                    sightings=fit.sightings,
                    first_utc=fit.first_utc,
                    last_utc=fit.last_utc,
                )
                for fit in result.heads
            ),
        )

    def uncalibrated(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of the heads named that the calibration does not know."""
        known = {head.head for head in self.heads}
        return tuple(name for name in names if name not in known)

    def model(self, names: Sequence[str]) -> PointingModel:
        """The pointing model of an array with heads so named; an uncalibrated head counts as drawn."""
        values = {head.head: head.values_deg for head in self.heads}
        return PointingModel.of([values.get(name, {}) for name in names])


class _HeadText(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    head: Annotated[str, Field(min_length=1)]
    terms_deg: dict[str, FiniteFloat]
    covariance_deg2: list[list[FiniteFloat]]
    zero_rms_deg: Annotated[NonNegativeFloat, Field(allow_inf_nan=False)]
    rms_deg: Annotated[NonNegativeFloat, Field(allow_inf_nan=False)]
    sightings: PositiveInt
    first_utc: AwareDatetime
    last_utc: AwareDatetime

    @field_validator("terms_deg")
    @classmethod
    def _known_and_bounded(cls, terms: dict[str, float]) -> dict[str, float]:
        for name in checked(tuple(terms)):
            if abs(terms[name]) > TERMS[name].bound_deg:
                raise ValueError(
                    f"{name} is {terms[name]:g} deg, past its bound of {TERMS[name].bound_deg:g} deg"
                )
        return terms

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        terms = len(self.terms_deg)
        if len(self.covariance_deg2) != terms or any(len(row) != terms for row in self.covariance_deg2):
            raise ValueError(f"covariance_deg2 must be {terms} rows of {terms} numbers")
        covariance = np.array(self.covariance_deg2)
        if not np.allclose(covariance, covariance.T) or np.any(np.diagonal(covariance) < 0.0):
            raise ValueError("covariance_deg2 must be symmetric, its diagonal 0 or more")
        if self.first_utc > self.last_utc:
            raise ValueError("first_utc must not be after last_utc")
        return self


class _FileText(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    schema_: Annotated[Literal["sunflower-calibration/1"], Field(alias="schema")]
    epoch: Annotated[str, Field(min_length=1)]
    heads: Annotated[list[_HeadText], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_head_once(self) -> Self:
        names = [head.head for head in self.heads]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"heads {', '.join(twice)} are there twice; keep one each")
        return self


def format_calibration(calibration: Calibration) -> str:
    """The JSON text that `parse_calibration` reads back to the same values."""
    heads = [
        {
            "head": head.head,
            "terms_deg": dict(head.values_deg),
            "covariance_deg2": head.covariance_deg2.tolist(),
            "zero_rms_deg": head.zero_rms_deg,
            "rms_deg": head.rms_deg,
            "sightings": head.sightings,
            "first_utc": str(np.datetime_as_string(head.first_utc, timezone="UTC")),
            "last_utc": str(np.datetime_as_string(head.last_utc, timezone="UTC")),
        }
        for head in calibration.heads
    ]
    document = {"schema": SCHEMA, "epoch": calibration.epoch, "heads": heads}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def parse_calibration(text: str, names: Sequence[str], place: str) -> Calibration:
    """A calibration of an array with heads so named, from JSON text.

    Raises InvalidInput naming place and, for every mistake, its line (JSON) or field, and the limit.
    """
    try:
        found = _FileText.model_validate_json(text)
    except ValidationError as wrong:
        problems = [f"{_path(error['loc'])}: {_says(error)}" for error in wrong.errors()]
        raise _refused(place, problems) from None  # the message says all that pydantic's would
    strangers = [head.head for head in found.heads if head.head not in names]
    if strangers:
        raise _refused(
            place, [f"heads: the array has no {name!r}; it has {', '.join(names)}" for name in strangers]
        )
    return Calibration(epoch=found.epoch, heads=tuple(_head(head) for head in found.heads))


def _refused(place: str, problems: Sequence[str]) -> InvalidInput:
    lines = "\n".join(f"  {problem}" for problem in problems)
    return InvalidInput(f"{place}: the calibration cannot be used; mend it or calibrate again\n{lines}")


def _path(location: tuple[int | str, ...]) -> str:
    """heads[2].terms_deg for ("heads", 2, "terms_deg")."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return parts.lstrip(".") or "file"


def _says(error: ErrorDetails) -> str:
    """The limit, with the value where that is one word or number."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])  # our own words, without pydantic's before them
    value = error["input"]
    shown = error["type"] not in {"json_invalid", "extra_forbidden"} and isinstance(value, str | int | float)
    return f"{error['msg']}, not {value!r}" if shown else error["msg"]


def _head(text: _HeadText) -> HeadCalibration:
    first, last = (
        np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
        for moment in (text.first_utc, text.last_utc)
    )
    return HeadCalibration(
        head=text.head,
        values_deg=text.terms_deg,
        covariance_deg2=np.array(text.covariance_deg2),
        zero_rms_deg=text.zero_rms_deg,
        rms_deg=text.rms_deg,
        sightings=text.sightings,
        first_utc=first,
        last_utc=last,
    )
