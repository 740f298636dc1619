"""Values as TOML writes them; the standard library only reads."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time


def toml_value(value: object) -> str:
    """One value as TOML 1.0 text on one line; raises ValueError for what TOML cannot hold."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case date() | datetime() | time():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{toml_value(str(key))} = {toml_value(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case Sequence():
            return f"[{', '.join(map(toml_value, value))}]"
        case _:
            raise ValueError(f"TOML has no {type(value).__name__}; give text, numbers, lists or tables")
