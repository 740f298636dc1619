"""Tables that pvlib's readers return, as weather."""

import numpy as np
import pandas as pd

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.units import SECONDS_PER_HOUR
from tracker.weather.files.columns import labels_of, values_of
from tracker.weather.files.names import COLUMNS
from tracker.weather.files.raw import FilePlace, RawWeather
from tracker.weather.reading import LABELS, IntervalLabel, Reading
from tracker.weather.series import Weather
from tracker.weather.whole.assembly import weather_of
from tracker.weather.whole.grid import step_of


def from_pvlib(
    table: pd.DataFrame,
    site: Site,
    *,
    name: str,
    label: IntervalLabel,
    typical: bool = False,
    reading: Reading | None = None,
) -> Weather:
    """Weather from a table with pvlib's column names (ghi, dni, dhi, temp_air, ...) and times with a zone.

    `label` says what its times are: start, centre or end of their interval. A typical table must be one
    whole year in order, in the zone whose year it is. GHI is needed, the rest is mended as in files.
    Raises ValueError for times without a zone or "auto", and InvalidWeather.
    """
    times = pd.DatetimeIndex(table.index)
    if times.tz is None or label not in LABELS:
        raise ValueError(
            f"times need a zone (have {times.tz}), label one of {', '.join(LABELS)} (is {label})"
        )
    zone = times[0].utcoffset()
    zone_h = 0.0 if zone is None else zone.total_seconds() / SECONDS_PER_HOUR
    labels = labels_of(times.tz_convert(None)) + np.timedelta64(round(zone_h * SECONDS_PER_HOUR), "s")
    if "ghi" not in table:
        raise InvalidWeather(f"{name}: no column ghi; it has {', '.join(map(str, table.columns))}")
    raw = RawWeather(
        format="pvlib",
        label_local=labels,
        centre_after_label_s=LABELS[label] * step_of(name, labels),
        values=values_of(table, COLUMNS),
        typical=typical,
        place=place_of(site, zone_h),
        first_line=1,
    )
    return weather_of(name, name, raw, site, reading or Reading())


def place_of(site: Site, utc_offset_h: float) -> FilePlace:
    """The site as the place that a table is from."""
    return FilePlace(
        latitude_deg=site.latitude_deg,
        longitude_deg=site.longitude_deg,
        altitude_m=site.altitude_m,
        utc_offset_h=utc_offset_h,
    )
