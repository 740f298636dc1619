"""How the heads of an array really point: the one door between sky and axis angles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from calibration.chain import Chain, axis_from_sky, chain_of, sky_from_axis
from calibration.terms import bounds_deg, checked
from tracker.frames import AxisPose
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointingModel:
    """Pointing terms of H heads: K names and values (H, K); one row serves any number of like heads.

    Raises ValueError for unknown names, another shape, and values that are not finite or past their bound.
    """

    terms: tuple[str, ...]
    values_deg: FloatArray
    _chain: Chain = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = checked(self.terms)
        values = np.array(self.values_deg, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(names) or not values.size:
            raise ValueError(f"values_deg has shape {values.shape}; give (heads, {len(names)})")
        _check_bounds(names, values)
        values.setflags(write=False)  # the chain is built from them once
        object.__setattr__(self, "terms", names)
        object.__setattr__(self, "values_deg", values)
        object.__setattr__(self, "_chain", chain_of(names, values))

    @classmethod
    def ideal(cls, heads: int) -> "PointingModel":
        """Heads exactly as drawn: axis angles are azimuth and elevation."""
        return cls(terms=("IA", "IE"), values_deg=np.zeros((heads, 2)))

    @classmethod
    def of(cls, heads: Sequence[Mapping[str, float]]) -> "PointingModel":
        """One mapping of term name to degrees for each head; terms a head does not name are 0."""
        names = tuple(dict.fromkeys(name for head in heads for name in head)) or ("IA",)
        return cls(
            terms=names, values_deg=np.array([[head.get(name, 0.0) for name in names] for head in heads])
        )

    @property
    def size(self) -> int:
        """How many heads the model describes."""
        return int(self.values_deg.shape[0])

    def to_sky(self, pose: AxisPose) -> FloatArray:
        """Unit panel normals S + (H, 3) at axis angles S + (H,); NaN stays NaN, head by head."""
        return sky_from_axis(self._chain, pose)

    def to_axis(self, normal_enu: FloatArray) -> AxisPose:
        """Axis angles S + (H,) that turn the panel normals S + (H, 3) there; azimuth in [0, 360).

        The elevation is the one on this side of the zenith. A normal in the cone that collimation and
        axis errors keep out of reach gets the nearest pose; NaN stays NaN, head by head.
        """
        return axis_from_sky(self._chain, normal_enu)


def _check_bounds(names: tuple[str, ...], values: FloatArray) -> None:
    limit = bounds_deg(names)
    for row, column in np.argwhere(~(np.abs(values) <= limit)):
        raise ValueError(
            f"head {row}: {names[column]} is {values[row, column]:g} deg, past its bound of "
            f"{limit[column]:g} deg; level or re-home the head"
        )
