"""What `weather.source` may be: a climate, a service with a period, or else a file."""

import re
from typing import Final

CLIMATE_PREFIX: Final = "climate:"
TYPICAL: Final = "tmy"
WITH_TYPICAL: Final = {"pvgis": True, "nasa_power": False, "nsrdb": True}  # services: typical years or not
YEARS: Final = re.compile(r"(\d{4})(?:-(\d{4}))?")


def is_file(source: str) -> bool:
    """Whether a source is the path of a file: neither a climate nor a service."""
    return not source.startswith(CLIMATE_PREFIX) and not is_service(source)


def is_service(source: str) -> bool:
    """Whether a source is asked for online, as pvgis:tmy is."""
    name, colon, _ = source.partition(":")
    return bool(colon) and name in WITH_TYPICAL


def years_of(source: str) -> range:
    """The years of a service's period; empty where it is a typical year or no period at all."""
    match = YEARS.fullmatch(source.partition(":")[2])
    return range(0) if match is None else range(int(match[1]), int(match[2] or match[1]) + 1)


def wrong_period(source: str) -> str | None:
    """What is wrong with a service's period and what it may be, or None."""
    name, _, period = source.partition(":")
    typical = WITH_TYPICAL[name]
    if years_of(source) or (typical and period == TYPICAL):
        return None
    may_be = [f"{name}:{TYPICAL}"] * typical + [f"{name}:2020", f"{name}:2005-2020"]
    return f'"{period}" is no period; give {", ".join(may_be[:-1])} or {may_be[-1]}'
