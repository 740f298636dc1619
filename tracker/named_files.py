"""Files that people name, read up to a size: a device or a log without end must not fill the memory."""

import errno
from pathlib import Path
from typing import Final

LARGEST_SITE_BYTES: Final = 1024 * 1024  # of a site file


def content_of(path: Path, most_bytes: int) -> bytes:
    """A file's bytes; OSError where it cannot be read or holds more than most_bytes."""
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"it holds more than {most_bytes:,} bytes", str(path))
    return data


def text_of(path: Path, most_bytes: int) -> str:
    """A file's text in UTF-8, no byte order mark, lines ending in a newline; or UnicodeDecodeError."""
    return content_of(path, most_bytes).decode("utf-8-sig").replace("\r\n", "\n")
