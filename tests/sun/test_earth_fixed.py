import numpy as np
import pytest

from tracker.plant import Site
from tracker.sun import Sun
from tracker.sun.earth_fixed import earth_fixed
from tracker.sun.formula import topocentric_enu
from tracker.sun.observer import Places

UTC = np.datetime64("2022-12-30T00:30", "s") + np.arange(0, 4 * 86_400, 1_007)  # across the year's end


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), [(22.6, 114.0), (-33.9, -70.7), (90.0, 0.0)])
def test_turned_to_a_place_it_is_the_sun_there_without_air(latitude_deg, longitude_deg):
    site = Site(
        name="here",
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_m=900.0,
        timezone="UTC",
    )
    turn, *where = Places.of(site).rows()[0][:5]
    sine, cosine = np.sin(2.0 * np.pi * turn), np.cos(2.0 * np.pi * turn)
    found = np.stack(topocentric_enu(tuple(earth_fixed(UTC)), sine, cosine, where), axis=-1)
    found /= np.linalg.norm(found, axis=-1, keepdims=True)
    np.testing.assert_allclose(found, Sun(site).without_air().direction_enu(UTC), rtol=0.0, atol=1e-12)


def test_no_times_are_no_vectors_and_wrong_ones_refused():
    assert earth_fixed(UTC[:0]).shape == (3, 0)
    with pytest.raises(ValueError, match="years from 1900"):
        earth_fixed(np.array(["2500-01-01"], dtype="datetime64[s]"))
