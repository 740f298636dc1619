"""Heads with a wind contact as the site's wind sensor: which heads a site file names for it."""

from collections.abc import Sequence
from typing import Final

CONTACT: Final = "contact"
SOURCES: Final = "sim:, file:PATH, modbus:PATH, contact: or contact:HEAD,HEAD"


def contact_heads(source: str, names: Sequence[str]) -> tuple[str, ...]:
    """Whose contacts a `wind.source` names: `contact:` all heads, `contact:H01,H07` these; another none."""
    kind, _, wanted = source.partition(":")
    if kind != CONTACT:
        return ()
    return tuple(name.strip() for name in wanted.split(",")) if wanted else tuple(names)
