"""Files of this room: the only place where it touches the disk."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from calibration.record import Calibration, format_calibration, parse_calibration
from calibration.sightings import Sightings
from calibration.sightings_csv import format_sightings, parse_sightings
from tracker.errors import InvalidInput, OutputFailed
from tracker.named_files import text_of

LARGEST_BYTES: Final = 64 * 1024 * 1024  # chosen: half a million sightings


def read_sightings(path: Path) -> Sightings:
    """Sightings from a CSV file; InvalidInput with line, column, value and limit of every mistake."""
    return parse_sightings(_text(path), str(path))


def write_sightings(path: Path, sightings: Sightings) -> None:
    """Writes all or nothing; OutputFailed if the disk refuses."""
    _replace(path, format_sightings(sightings))


def read_calibration(path: Path, heads: Sequence[str]) -> Calibration:
    """The calibration of an array with heads so named; InvalidInput with the place of every mistake."""
    return parse_calibration(_text(path), heads, str(path))


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Writes all or nothing; OutputFailed if the disk refuses."""
    _replace(path, format_calibration(calibration))


def _text(path: Path) -> str:
    try:
        return text_of(path, LARGEST_BYTES)
    except OSError as wrong:
        raise InvalidInput(f"{path}: {wrong.strerror}; give a readable file") from wrong
    except UnicodeDecodeError as wrong:
        raise InvalidInput(f"{path}: byte {wrong.start} is not text; give a text file in UTF-8") from wrong


def _replace(path: Path, text: str) -> None:
    """Power may fail at any byte: the old file stands until the new one is whole on the disk."""
    if path.exists() and not path.is_file():
        raise OutputFailed(f"{path}: not a regular file; nothing was written, name a file")
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as wrong:
        raise OutputFailed(
            f"{path}: {wrong.strerror}; nothing was written, make room or choose another place"
        ) from wrong
    finally:
        with suppress(OSError):  # a place that takes no file has none to clear away
            beside.unlink(missing_ok=True)
