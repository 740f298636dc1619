"""The same global light, divided into beam and diffuse by another model."""

from dataclasses import replace

import numpy as np

from tracker.plant import Decomposition, Site
from tracker.weather.series import Weather
from tracker.weather.splitting.decomposition import Air, beam_w_m2
from tracker.weather.splitting.sunlight import sunlight


def redivided(weather: Weather, site: Site, model: Decomposition) -> Weather:
    """Weather with DNI and DHI (T,) from its GHI by this model; the dew point is taken as unknown."""
    sun = sunlight(weather.utc, weather.step_s, site)
    air = Air(pressure_pa=weather.pressure_pa, dew_point_c=np.full_like(weather.ghi_w_m2, np.nan))
    beam = beam_w_m2(weather.ghi_w_m2, sun, air, model)
    diffuse = np.maximum(weather.ghi_w_m2 - beam * np.maximum(sun.cos_zenith, 0.0), 0.0)
    return replace(weather, dni_w_m2=beam, dhi_w_m2=diffuse, decomposition=model)
