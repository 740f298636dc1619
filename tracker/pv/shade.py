"""What neighbours leave of the light on a head."""

from dataclasses import dataclass, field, replace

import numpy as np

from tracker.plant import Panels
from tracker.pv.irradiance import PlaneIrradiance
from tracker.pv.mismatch import ShadedStrings, shaded_strings
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shade:
    """Shade over D daylight intervals on G heads of P petals, which stand for all heads.

    petals (D, G, P): shaded share of each petal under the beam. sky, ground: share of the open field's
    light from the even sky and from the ground that is left, (D,) means over the heads, or (G, D). by_area:
    power lost is area lost, however petals are wired; so for rows, each as one head of one petal.
    """

    petals: FloatArray
    sky: FloatArray
    ground: FloatArray
    by_area: bool = False
    _ready: dict[Panels, ShadedStrings] = field(default_factory=dict, init=False, repr=False)
    _first: dict[Panels, tuple[FloatArray, FloatArray]] = field(default_factory=dict, init=False, repr=False)

    def of_head(self, head: int) -> "Shade":
        """The shade on one of heads that go their own ways, whose views are (G, D)."""
        return replace(self, petals=self.petals[:, [head]], sky=self.sky[head], ground=self.ground[head])

    def usable_share(self, sun_share: FloatArray, panels: Panels) -> FloatArray:
        """Share (D,) of the light from the sun's place that is made use of, mean of the heads.

        sun_share (D,) is how much of the light on an unshaded panel comes from there.
        """
        if self.by_area:
            return np.asarray(1.0 - np.mean(self.petals, axis=(1, 2)))
        lit, usable = self._first.get(panels, (None, sun_share))
        if lit is not None and np.array_equal(lit, sun_share):
            return usable  # the light of the comparison itself, where only what cells make of it is another
        by_head = np.broadcast_to(sun_share[:, np.newaxis], self.petals.shape[:2])
        usable = np.asarray(np.mean(self._strings(panels).usable_share(by_head), axis=1))
        self._first.setdefault(panels, (sun_share, usable))
        return usable

    def _strings(self, panels: Panels) -> ShadedStrings:
        """Worked out once: comparisons ask for the same shadows under one light after the other."""
        if panels not in self._ready:
            self._ready[panels] = shaded_strings(self.petals, panels)
        return self._ready[panels]


def shaded_plane(plane: PlaneIrradiance, shade: Shade, panels: Panels) -> PlaneIrradiance:
    """The even light (D,) that would give the shaded heads' mean power, by where it comes from.

    Circumsolar light is shaded with the beam: it comes from the same place.
    """
    even = replace(plane, dome_w_m2=plane.dome_w_m2 * shade.sky, ground_w_m2=plane.ground_w_m2 * shade.ground)
    from_sun = plane.beam_w_m2 + plane.circumsolar_w_m2
    total = even.total_w_m2
    sun_share = np.divide(from_sun, total, out=np.zeros_like(total), where=total > 0.0)
    usable = shade.usable_share(sun_share, panels)
    return replace(even, beam_w_m2=plane.beam_w_m2 * usable, circumsolar_w_m2=plane.circumsolar_w_m2 * usable)
