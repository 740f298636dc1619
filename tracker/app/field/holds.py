"""Which heads a person keeps stowed, remembered beside the site file: a new run must not forget it."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tracker.app.output import write_atomically
from tracker.errors import InvalidInput, OutputFailed
from tracker.units import BoolArray

_log = logging.getLogger(__name__)


class Holds:
    """The stows asked for and not released, in a small JSON file that is there while there are any."""

    def __init__(self, site_file: Path, names: Sequence[str]) -> None:
        self._path = site_file.with_name(f".{site_file.stem}.stowed.json")
        self._names = tuple(names)
        self._written = self.held()

    def held(self) -> BoolArray:
        """Which of the heads (H,) are held. Raises InvalidInput for a file that somebody has damaged."""
        if not self._path.exists():
            return np.zeros(len(self._names), dtype=np.bool_)
        try:
            stowed = json.loads(self._path.read_text(encoding="utf-8"))["stowed"]
            return np.array([name in stowed for name in self._names], dtype=np.bool_)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                f"{self._path}: cannot tell which heads a person has stowed ({error}); look at the heads, "
                "then remove the file"
            ) from error

    def remember(self, held: BoolArray) -> None:
        """Write it down when it has changed; a disk that refuses is told once a change, the run goes on."""
        if np.array_equal(held, self._written):
            return
        self._written = held.copy()
        names = [name for name, kept in zip(self._names, held, strict=True) if kept]
        try:
            if names:
                write_atomically(self._path, json.dumps({"stowed": names}) + "\n")
            else:
                self._path.unlink(missing_ok=True)
        except (OSError, OutputFailed) as error:
            _log.warning("a new run will not know who is stowed: %s", error)
