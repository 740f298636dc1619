"""The weather formats we read: how to know one by its content, and which reader takes it.

| format      | label in the file            | after pvlib's reader        | centre       |
|-------------|------------------------------|-----------------------------|--------------|
| EPW         | hour 1 to 24, its end        | beginning of the hour       | + 30 min     |
| TMY2        | hour 1 to 24, its end        | beginning of the hour       | + 30 min     |
| TMY3        | 01:00 to 24:00, its end      | as labelled                 | - 30 min     |
| NSRDB PSM   | minute of the value          | as labelled                 | as labelled  |
| SAM CSV     | minute of the value, or none | (pandas) as labelled        | + half a step without minutes |
| PVGIS TMY   | full hour, UTC               | as labelled                 | + the offset the file states  |
| PVGIS hourly| minute of the value, UTC     | as labelled                 | as labelled  |
| plain CSV   | start, centre or end, stated | (pandas) as labelled        | as stated    |

Which is right is settled by the beam closure DHI + DNI cos(zenith) = GHI, see docs/decisions/0003-weather.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tracker.weather.files import hourly_tables, plain_csv, pvgis, sam_csv
from tracker.weather.files.raw import RawWeather
from tracker.weather.reading import Reading

HEAD_LINES: Final = 40
TMY2_STATION: Final = re.compile(r"^\s*\d{5} .+ [NS]\s*\d+\s+\d+\s+[EW]\s*\d+\s+\d+\s+-?\d+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file format: `knows` looks at its first lines, `read` takes the path and the decoded text.

    label_is_open: whether the reading may say what its stamps mean.
    """

    name: str
    knows: Callable[[list[str]], bool]
    read: Callable[[Path, str, Reading], RawWeather]
    label_is_open: bool = False


def _own(read: Callable[[Path, str], RawWeather]) -> Callable[[Path, str, Reading], RawWeather]:
    """A reader that leaves nothing to choose."""
    return lambda path, text, reading: read(path, text)


def _starts(line: int, *prefixes: str) -> Callable[[list[str]], bool]:
    return lambda head: len(head) > line and head[line].lstrip('"').startswith(prefixes)


FORMATS: Final = (
    Format(name="EPW", knows=_starts(0, "LOCATION,"), read=_own(hourly_tables.read_epw)),
    Format(
        name="TMY2", knows=lambda head: bool(TMY2_STATION.match(head[0])), read=_own(hourly_tables.read_tmy2)
    ),
    Format(name="TMY3", knows=_starts(1, "Date (MM/DD/YYYY)"), read=_own(hourly_tables.read_tmy3)),
    Format(name="NSRDB PSM", knows=sam_csv.is_psm, read=_own(sam_csv.read_psm)),
    Format(name="SAM CSV", knows=sam_csv.is_sam_csv, read=_own(sam_csv.read_sam_csv)),
    Format(name="PVGIS TMY", knows=_starts(0, "time(UTC),"), read=_own(pvgis.read_tmy_table)),
    Format(name="PVGIS TMY", knows=pvgis.is_tmy, read=_own(pvgis.read_tmy)),
    Format(name="PVGIS hourly", knows=pvgis.is_hourly, read=_own(pvgis.read_hourly)),
    Format(name="plain CSV", knows=plain_csv.is_plain, read=plain_csv.read_plain, label_is_open=True),
)


def detect(text: str) -> Format | None:
    """The first format that knows the text by its head, or None."""
    head = text.splitlines()[:HEAD_LINES] or [""]
    return next((candidate for candidate in FORMATS if candidate.knows(head)), None)
