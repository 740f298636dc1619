"""Instruments from a table of a TOML file."""

from collections.abc import Mapping
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from firmware_bridge.instruments.definition import Instrument

_STRICT: Final = ConfigDict(extra="forbid", arbitrary_types_allowed=False)
_INSTRUMENT: Final = TypeAdapter(with_config(_STRICT)(Instrument))


def instrument_from(table: Mapping[str, object]) -> Instrument:
    """An instrument from the keys of `Instrument`, its channels from those of `Channel`.

    Raises ValueError naming every key that is missing, unknown or out of bounds.
    """
    try:
        return _INSTRUMENT.validate_python(dict(table))
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, p['loc'])) or 'table'}: {p['msg'].removeprefix('Value error, ')}"
            for p in error.errors()
        )
        raise ValueError(f"instrument {table.get('name', '?')!r}: {'; '.join(problems)}") from error
