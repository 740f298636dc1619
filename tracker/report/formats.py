"""Numbers as a page shows them: true minus, thousands grouped, one number of decimals a column."""

import math
import re
from collections.abc import Iterable
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
UNKNOWN: Final = "\N{EN DASH}"
WHOLE_FROM: Final = 1000.0  # chosen: from here a tenth is below 1 part in 10,000


def number(value: float | None, decimals: int, *, sign: bool = False) -> str:
    """'1,234.5', or an en dash where the value is unknown; a rounded zero carries no sign."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    rounded = round(value, decimals) + 0.0
    plus = "+" if sign and rounded else ""
    return f"{rounded:{plus},.{decimals}f}".replace("-", MINUS)


def decimals_for(values: Iterable[float | None]) -> int:
    """Decimals for a whole column of energies: 0 where the largest reaches 1,000, else 1."""
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    return 0 if max(known, default=0.0) >= WHOLE_FROM else 1


def typeset(text: str) -> str:
    """Plain prose with a true minus before digits, degree signs, and units that stay on the line."""
    minus = re.sub(r"(?<![\w.-])-(?=\d)", MINUS, text)
    dash = minus.replace(" - ", f" {UNKNOWN} ")
    degrees = re.sub(r"(?<=\d) deg\b", "°", dash)
    return re.sub(r"(?<=\d) (?=%|k?W|kg|m\b|m²)", NO_BREAK, degrees)
