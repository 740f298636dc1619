"""How heads and obstacles shade heads from the beam, exactly."""

from tracker.array.shading.beam import beam_shading, head_shading, shaded_fraction
from tracker.array.shading.field import ShadingField, field_of, shading_field
from tracker.array.shading.orientation import enu_from_normal

__all__ = [
    "ShadingField",
    "beam_shading",
    "enu_from_normal",
    "field_of",
    "head_shading",
    "shaded_fraction",
    "shading_field",
]
