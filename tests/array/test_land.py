"""Land: the fence around the disks."""

import numpy as np
import pytest

from tracker.array import disk_radius_m, grid, head_names, land_area_m2, vogel
from tracker.array.land import convex_hull
from tracker.plant import Array, Head, Limits, Mount, Panels

HEAD = Head(petals=12, area_m2=18.0, pivot_height_m=3.0, foldable=True)


def array(feet_m):
    limits = Limits(
        azimuth_range_deg=(-270.0, 270.0),
        elevation_range_deg=(0.0, 95.0),
        azimuth_rate_deg_s=0.5,
        elevation_rate_deg_s=0.3,
    )
    return Array(
        names=head_names(len(feet_m)),
        positions_enu_m=feet_m,
        head=HEAD,
        mount=Mount(limits=limits, drive_power_w=60.0, standby_power_w=4.0),
        panels=Panels(
            dc_capacity_w=2500.0,
            gamma_per_c=-0.0037,
            dc_ac_ratio=1.15,
            inverter_efficiency=0.96,
            system_losses_percent=14.0,
        ),
    )


def test_one_head_takes_its_disk():
    assert land_area_m2(array(vogel(1, 7.0))) == pytest.approx(np.pi * disk_radius_m(HEAD) ** 2)


def test_two_heads_take_a_stadium():
    r = disk_radius_m(HEAD)
    assert land_area_m2(array(vogel(2, 7.0))) == pytest.approx(np.pi * r**2 + 2.0 * r * 7.0)


def test_heads_in_line_take_a_stadium_too():
    r = disk_radius_m(HEAD)
    feet_m = np.array([[0.0, 0.0, 0.0], [3.0, 4.0, 0.0], [6.0, 8.0, 0.0]])
    assert land_area_m2(array(feet_m)) == pytest.approx(np.pi * r**2 + 2.0 * r * 10.0)


def test_a_square_takes_a_rounded_square():
    r = disk_radius_m(HEAD)
    assert land_area_m2(array(grid(9, 7.0))) == pytest.approx(14.0**2 + 4.0 * 14.0 * r + np.pi * r**2)


def test_the_hull_is_that_of_scipy(rng):
    from scipy.spatial import ConvexHull

    points_m = rng.normal(size=(200, 2))
    ours = convex_hull(points_m)
    theirs = points_m[ConvexHull(points_m).vertices]
    assert {tuple(p) for p in ours} == {tuple(p) for p in theirs}
