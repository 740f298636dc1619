"""Names of heads that people and files give."""

from collections.abc import Sequence

from tracker.errors import InvalidInput


def refuse_strangers(given: Sequence[str], names: Sequence[str], place: str) -> None:
    """Raises InvalidInput when a head is named that the site does not have."""
    strangers = [name for name in given if name not in names]
    if strangers:
        raise InvalidInput(
            f"{place}: no head {strangers[0]!r} on this site; it has {names[0]} to {names[-1]}"
        )
