"""Whether the other side of a descriptor is gone, without reading or writing."""

import select
from typing import Final

GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL | select.POLLRDHUP


def hung_up(descriptor: int) -> bool:
    """True for a terminal that was pulled or whose other side closed, and a connection that was closed."""
    if descriptor < 0:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLRDHUP)
    return any(event & GONE for _, event in poll.poll(0))
