"""What the cover glass lets through, relative to light falling straight on it."""

from collections.abc import Callable
from typing import Final

import numpy as np

from tracker.pv.irradiance import PlaneIrradiance
from tracker.pv.tabulated import Tabulated, tabulated
from tracker.units import FloatArray

COATED: Final = "coated glass"
COATED_FOR_BEAM: Final = "coated glass, beam alone"
NO_COVER: Final = "none"
COVERS: Final = (COATED, COATED_FOR_BEAM, NO_COVER)
TABLE_ROWS: Final = 8192  # the tables then keep to the formulas within 4e-7

COATING_INDEX: Final = 1.3  # anti-reflective, Gilman et al. (2018), NREL/TP-6A20-67399, section 10.5
GLASS_INDEX: Final = 1.526  # De Soto et al. (2006), section 3
EXTINCTION_PER_M: Final = 4.0  # water-white glass, ibid.
THICKNESS_M: Final = 0.002  # ibid.


def incidence_modifier(cos_incidence: FloatArray) -> FloatArray:
    """Transmittance of coated glass over that at normal incidence, any shape; 0 from the side and behind.

    De Soto, Klein and Beckman (2006, doi:10.1016/j.solener.2005.06.010), section 3, with the coating as a
    second surface and the reflections between the two summed: Gilman et al. (2018), section 10.5.
    """
    in_air = np.clip(cos_incidence, 0.0, 1.0)
    return _transmittance(in_air) / _STRAIGHT


def dome_angle_deg(tilt_deg: FloatArray) -> FloatArray:
    """The incidence angle at which a beam loses what light from an even sky loses on a tilted cover.

    Brandemuehl and Beckman (1980, doi:10.1016/0038-092X(80)90353-9), as Duffie and Beckman eq. 5.4.2.
    """
    return np.asarray(59.7 - 0.1388 * tilt_deg + 0.001497 * tilt_deg**2)


def ground_angle_deg(tilt_deg: FloatArray) -> FloatArray:
    """The same for light from the ground: Duffie and Beckman eq. 5.4.1."""
    return np.asarray(90.0 - 0.5788 * tilt_deg + 0.002693 * tilt_deg**2)


def effective_irradiance(plane: PlaneIrradiance, up: FloatArray, cover: str = COATED) -> FloatArray:
    """Light that reaches the cells, W/m2, as if it had fallen straight on the glass; up = cos(tilt).

    cover is one of COVERS: coated glass for all light; coated glass for the beam alone, as pvlib's
    ModelChain has it; or none. Circumsolar light arrives with the beam and is treated like it. Where the
    sky's even part is negative (a horizon band that takes more than the dome gives) the glass must not turn
    the whole negative.
    """
    if cover == NO_COVER:
        return plane.total_w_m2
    through_glass = _THROUGH_GLASS.at(plane.cos_incidence)
    if cover == COATED_FOR_BEAM:
        return plane.beam_w_m2 * through_glass + plane.diffuse_w_m2
    tilt_rad = np.arccos(np.minimum(np.maximum(up, -1.0), 1.0))
    line = _FROM_DOME.line(tilt_rad)
    from_sun = (plane.beam_w_m2 + plane.circumsolar_w_m2) * through_glass
    from_dome = plane.dome_w_m2 * _FROM_DOME.on_line(line, tilt_rad)
    from_ground = plane.ground_w_m2 * _FROM_GROUND.on_line(line, tilt_rad)
    return np.maximum(from_sun + from_dome + from_ground, 0.0)


def _by_tilt(angle_deg: Callable[[FloatArray], FloatArray]) -> Tabulated:
    """The modifier for light that loses what a beam loses at this angle, by the cover's tilt in radians."""

    def modifier(tilt_rad: FloatArray) -> FloatArray:
        return incidence_modifier(np.cos(np.radians(angle_deg(np.degrees(tilt_rad)))))

    return tabulated(modifier, np.pi, TABLE_ROWS)


def _transmittance(in_air: FloatArray) -> FloatArray:
    in_coating = _cos_refracted(in_air, COATING_INDEX)
    in_glass = _cos_refracted(in_air, GLASS_INDEX)
    surfaces = ((1.0, in_air, COATING_INDEX, in_coating), (COATING_INDEX, in_coating, GLASS_INDEX, in_glass))
    across = _through_both(*(_reflected(n1 * c1, n2 * c2) for n1, c1, n2, c2 in surfaces))
    along = _through_both(*(_reflected(n1 * c2, n2 * c1) for n1, c1, n2, c2 in surfaces))
    return np.asarray((across + along) / 2.0 * np.exp(-EXTINCTION_PER_M * THICKNESS_M / in_glass))


def _cos_refracted(cos_in_air: FloatArray, index: float) -> FloatArray:
    return np.asarray(np.sqrt(1.0 - (1.0 - cos_in_air**2) / index**2))


def _reflected(one: FloatArray, other: FloatArray) -> FloatArray:
    return ((one - other) / (one + other)) ** 2


def _through_both(first: FloatArray, second: FloatArray) -> FloatArray:
    return (1.0 - first) * (1.0 - second) / (1.0 - first * second)


_STRAIGHT: Final = float(_transmittance(np.array(1.0)))
_THROUGH_GLASS: Final = tabulated(incidence_modifier, 1.0, TABLE_ROWS)
_FROM_DOME: Final = _by_tilt(dome_angle_deg)
_FROM_GROUND: Final = _by_tilt(ground_angle_deg)
