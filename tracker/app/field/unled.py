"""What the heads of a site do when nobody leads them, and what their protocols cannot do safely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.capabilities import Capabilities
from tracker.app.assemble import Line

STOWS: Final = (
    "stow by themselves within {lease_s:g} s; stopped, locked and faulty ones, and those that do not know "
    "their position, stay where they are"
)
GIVEN_BACK: Final = "are their own controller's again when its own lease ends"
LEFT: Final = (
    "go to where they were told last and stay there, in wind too: {protocol} has no lease, and nothing stows "
    "them; `sunflower stow` them, or stow them at their controller"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What cannot be done safely with some heads, for their protocol's sake."""

    protocol: str
    heads: tuple[str, ...]
    says: str

    def __str__(self) -> str:
        return f"take care, {' '.join(self.heads)} ({self.protocol}): {self.says}"


def concerns_of(lines: Sequence[Line]) -> tuple[Concern, ...]:
    """Each concern once, with all heads that it is about."""
    heads: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in lines:
        for says in line.bus.concerns:
            key = line.bus.capabilities.protocol, says
            heads[key] = (*heads.get(key, ()), *line.heads)
    return tuple(
        Concern(protocol=protocol, heads=names, says=says) for (protocol, says), names in heads.items()
    )


def unled(lines: Sequence[Line], lease_s: float) -> str:
    """What each head does once this host is silent; those that do the same in one line of text.

    lease_s is that of the site; only some protocols can tell it to a head.
    """
    heads: dict[str, tuple[str, ...]] = {}
    for line in lines:
        does = _does(line.bus.capabilities, lease_s)
        heads[does] = (*heads.get(does, ()), *line.heads)
    return "\n".join(f"{' '.join(names)} {does}" for does, names in heads.items())


def _does(can: Capabilities, lease_s: float) -> str:
    if not can.lease:
        return LEFT.format(protocol=can.protocol)
    return STOWS.format(lease_s=lease_s) if can.sets_lease else GIVEN_BACK
