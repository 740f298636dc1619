"""`weather.source` of a service, and what it once answered, kept on disk.

Answers are kept for good, whatever happens to the code that reads them: a sweep that is started again asks
for nothing twice. Delete the folder `downloads` of the cache to ask again.
"""

import hashlib
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.kept_arrays import SUFFIX, cache_folder, put, taken
from tracker.plant import Site
from tracker.weather.files.raw import FilePlace, RawWeather
from tracker.weather.kept import FOLDER
from tracker.weather.online.services import SERVICES, Service
from tracker.weather.online.web import Web
from tracker.weather.source_names import wrong_period, years_of

_log = logging.getLogger(__name__)

FORM: Final = "1"  # of a kept answer; another number asks again


def downloaded(source: str, site: Site, web: Web) -> RawWeather:
    """What a service answers to "SERVICE:PERIOD" at the site, from disk where it was asked before.

    Raises InvalidWeather for a wrong period, and as `Web.fetch` does.
    """
    wrong = wrong_period(source)
    if wrong is not None:
        raise InvalidWeather(f"{source}: {wrong}")
    name, _, period = source.partition(":")
    service = SERVICES[name]
    periods = [str(year) for year in years_of(source)] if service.by_year else []
    return _joined([_part(service, one, site, web) for one in periods or [period]])


def _part(service: Service, period: str, site: Site, web: Web) -> RawWeather:
    folder = cache_folder()
    copy = None if folder is None else folder / FOLDER / "downloads" / _name(service, period, site)
    raw = None if copy is None else _taken(copy)
    if raw is None:
        _log.info("asking %s for %s at %g, %g", service.name, period, site.latitude_deg, site.longitude_deg)
        raw = web.fetch(service, site, period)
        if copy is not None:
            _put(raw, copy)
    return replace(raw, place=replace(raw.place, altitude_m=site.altitude_m))


def _name(service: Service, period: str, site: Site) -> str:
    asked = (FORM, service.name, period, round(site.latitude_deg, 4), round(site.longitude_deg, 4))
    return hashlib.sha256(repr(asked).encode()).hexdigest() + SUFFIX


def _taken(copy: Path) -> RawWeather | None:
    stored = taken(copy)
    if stored is None:
        return None
    head, label = json.loads(stored.pop("head").item()), stored.pop("label_local")
    values = {name.removeprefix("value "): column for name, column in stored.items()}
    return RawWeather(**(head | {"place": FilePlace(**head["place"])}), label_local=label, values=values)


def _put(raw: RawWeather, copy: Path) -> None:
    head = {
        "format": raw.format,
        "centre_after_label_s": raw.centre_after_label_s,
        "typical": raw.typical,
        "place": asdict(raw.place),
        "first_line": raw.first_line,
    }
    columns = {f"value {name}": column for name, column in raw.values.items()}
    put({"label_local": raw.label_local, "head": np.array(json.dumps(head)), **columns}, copy)


def _joined(parts: list[RawWeather]) -> RawWeather:
    return replace(
        parts[0],
        label_local=np.concatenate([part.label_local for part in parts]),
        values={name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values},
    )
