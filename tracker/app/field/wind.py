"""Wind sensors that a site file can name."""

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from tracker.app.field.contact_wind import ContactWind
from tracker.app.field.mounts import BridgeMounts
from tracker.app.field.number_file import NumberFile
from tracker.app.wind_contacts import CONTACT, SOURCES, contact_heads
from tracker.errors import InvalidInput
from tracker.ports.wind import WindReading, WindSensor

SIMULATED: Final = "sim:"
FILE: Final = "file"
MODBUS: Final = "modbus"
SAMPLE_S: Final = 10.0
CALM_MEAN_M_S: Final = 3.5  # chosen: a fair day at Shenzhen, whose monthly means are 1.6 to 3.3 m/s
SPREAD_M_S: Final = 1.0
MEMORY: Final = 0.9  # correlation from sample to sample
GREATEST_M_S: Final = sys.float_info.max  # any wind but an infinite one: that is what a contact says


@dataclass(frozen=True, slots=True, kw_only=True)
class Squall:
    """A burst of wind, for a simulated day: up to gust_m_s between two times of the clock."""

    start_s: float
    end_s: float
    gust_m_s: float


@dataclass
class SimulatedWind:
    """A fair wind from a seeded autoregression of first order, and squalls where asked for."""

    seed: int
    squalls: tuple[Squall, ...] = ()
    _gusts_m_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)
        self._level = 0.0
        self._first_sample: int | None = None

    def read(self, now_s: float) -> WindReading:
        """The gust of the ten seconds now running."""
        sample = int(now_s // SAMPLE_S)
        if self._first_sample is None:
            self._first_sample = sample
        sample -= self._first_sample
        while len(self._gusts_m_s) <= sample:
            self._level = MEMORY * self._level + math.sqrt(1 - MEMORY**2) * float(self._rng.standard_normal())
            self._gusts_m_s.append(max(0.0, CALM_MEAN_M_S + SPREAD_M_S * self._level))
        gust_m_s = self._gusts_m_s[sample]
        for squall in self.squalls:
            if squall.start_s <= now_s < squall.end_s:
                gust_m_s = max(gust_m_s, squall.gust_m_s)
        return WindReading(gust_m_s=gust_m_s, measured_s=now_s)


@dataclass(frozen=True, slots=True)
class NoWind:
    """What there is to read of wind contacts where nobody asks their heads: nothing, and that is wind."""

    def read(self, _now_s: float) -> WindReading | None:
        """Never one."""
        return None


@dataclass(frozen=True, slots=True)
class WindFile:
    """A text file that another program renews with the latest gust in m/s; its time is the reading's."""

    path: Path

    def read(self, now_s: float) -> WindReading | None:
        """The gust in the file; None while there is no file or no gust in it: missing wind is wind."""
        said = NumberFile(path=self.path, low=0.0, high=GREATEST_M_S).read(now_s)
        return None if said is None else WindReading(gust_m_s=said.value, measured_s=said.written_s)


def site_wind(
    source: str, folder: Path, mounts: BridgeMounts, names: Sequence[str]
) -> AbstractContextManager[WindSensor]:
    """The sensor for a run of these heads: a site file may name their own contacts; else as `wind_sensor`."""
    contacts = contact_heads(source, names)
    return nullcontext(ContactWind(mounts, contacts)) if contacts else wind_sensor(source, folder)


@contextmanager
def wind_sensor(source: str, folder: Path) -> Iterator[WindSensor]:
    """The sensor that a site file names, while the block lasts; files are looked for from its folder.

    Raises InvalidInput for a source that is not supported, and what `modbus_wind` raises.
    """
    kind, _, place = source.partition(":")
    if source == SIMULATED:
        yield SimulatedWind(seed=1)
    elif kind == FILE and place:
        yield WindFile(folder / place)
    elif kind == MODBUS and place:
        from tracker.app.field.modbus_wind import modbus_wind

        with modbus_wind(folder / place) as sensor:
            yield sensor
    elif kind == CONTACT:
        yield NoWind()
    else:
        raise InvalidInput(f"wind.source {source!r} is not supported; use {SOURCES}")
