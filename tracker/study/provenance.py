"""Which inputs and which versions made a result."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.installed import version_of
from tracker.plant import Plant
from tracker.pv import Models
from tracker.study.metering.metered import Metered
from tracker.study.mountings.recorded import Recording
from tracker.weather.series import Weather

SOURCES: Final = ("weather_source", "irradiance_source", "source")
NO_INPUTS: Final = ("bridges", *SOURCES)  # names of ports and files change no number
OPTIONAL: Final = ("horizon",)  # not there, it leaves no trace: the hash of a plant that never knew of it
DISTRIBUTIONS: Final = {"sunflower": "sunflower-tracker", "numpy": "numpy", "pvlib": "pvlib"}


def inputs_sha256(
    plant: Plant,
    weather: Weather,
    models: Models,
    recordings: Sequence[Recording] = (),
    metered: Metered | None = None,
) -> str:
    """SHA-256 over all that a comparison depends on: plant, weather, models, records, meter; canonical JSON.

    Numbers enter exactly: arrays by the hash of their little-endian bytes, floats by their shortest form.
    """
    inputs: dict[str, object] = {"plant": asdict(plant), "weather": asdict(weather), "models": asdict(models)}
    if recordings:
        inputs["recordings"] = [asdict(recording) for recording in recordings]
    if metered is not None:
        inputs["metered"] = asdict(metered)
    text = json.dumps(_canonical(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def versions() -> dict[str, str]:
    """Versions of everything that could change a number."""
    installed = {name: version_of(distribution) for name, distribution in DISTRIBUTIONS.items()}
    return {**installed, "python": platform.python_version()}


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        told = {key: part for key, part in value.items() if part is not None or key not in OPTIONAL}
        return {key: _canonical(part) for key, part in told.items() if key not in NO_INPUTS}
    if isinstance(value, np.ndarray):
        return _array_digest(value)
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    return value


def _array_digest(array: NDArray[np.generic]) -> str:
    if array.dtype.kind == "M":
        array = array.astype("datetime64[s]").astype(np.int64)
    plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return f"{plain.shape}{plain.dtype.str}{hashlib.sha256(plain.tobytes()).hexdigest()}"
