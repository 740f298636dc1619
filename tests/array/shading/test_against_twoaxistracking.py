"""On flat ground with one shape and one orientation for all: twoaxistracking's own assumptions."""

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon
from twoaxistracking import layout, shading

from tracker.array.shading import head_shading, shading_field
from tracker.frames import azimuth_deg, elevation_deg

SHARE = 1e-9


@pytest.mark.parametrize("shape", ["rectangle", "dodecagon", "flower"])
def test_flat_fields_agree_with_twoaxistracking(shapes, rng, how, shape):
    petals = {
        "rectangle": shapes.rectangle(5.0, 3.2),
        "dodecagon": shapes.regular(12, 2.4, 15.0),
        "flower": shapes.flower(),
    }[shape]
    pivots, sun = shapes.hexagonal(19, 6.5), shapes.suns(rng, 6, 3.0, 45.0)
    polygons = [Polygon(petal) for petal in petals]
    collector = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    theirs = np.empty((6, 19))
    for head in range(19):
        to = np.delete(pivots, head, axis=0) - pivots[head]
        for time in range(6):
            theirs[time, head] = shading.shaded_fraction(
                float(elevation_deg(sun[time])),
                float(azimuth_deg(sun[time])),
                collector,
                collector,
                layout._calculate_min_tracker_spacing(collector),
                np.hypot(to[:, 0], to[:, 1]),
                azimuth_deg(to),
                np.zeros(18),
            )
    field = shading_field(pivots_enu_m=pivots, petals_m=petals)
    ours = head_shading(field, shapes.facing(sun, 19), sun, how=how)
    assert (theirs > 0.01).any()
    np.testing.assert_allclose(ours, theirs, rtol=0.0, atol=SHARE)
