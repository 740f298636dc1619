"""Weather files into one kind of value, whatever their format."""

import warnings
from pathlib import Path

import pandas as pd

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.weather.files.formats import FORMATS, Format, detect
from tracker.weather.files.raw import RawWeather
from tracker.weather.reading import Reading
from tracker.weather.series import Weather
from tracker.weather.whole import quality
from tracker.weather.whole.assembly import weather_of


def read_weather(path: Path, site: Site | None = None, reading: Reading | None = None) -> Weather:
    """Weather of a file in any of `formats.FORMATS`, known by its content, `utc` at interval centres.

    Typical years come under one calendar year (2022, or 2024 with a leap day); measured series keep theirs,
    and what they lack is mended as `mending.mended` says. `site` serves files that do not say where they
    are. Raises InvalidWeather with file, line, value, limit and next action.
    """
    reading = reading or Reading()
    text = quality.file_text(path)
    found = detect(text)
    if found is None:
        known = ", ".join(sorted({entry.name for entry in FORMATS}))
        raise InvalidWeather(f"{path}: not a weather format known here; give one of {known}")
    return weather_of(str(path), path.name, _parsed(found, path, text, reading), site, reading)


def _parsed(found: Format, path: Path, text: str, reading: Reading) -> RawWeather:
    if reading.interval_label != "auto" and not found.label_is_open:
        raise InvalidWeather(
            f"{path}: is {found.name}, whose stamps have their own meaning; interval_label "
            f'"{reading.interval_label}" is for plain CSV, leave it at "auto"'
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # check_numbers says it with the line
            return found.read(path, text, reading)
    except (ValueError, KeyError, IndexError, TypeError, StopIteration) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidWeather(
            f"{path}: looks like {found.name} but cannot be read as such ({reason}); get an undamaged copy"
        ) from error
