"""How long a head goes on without hearing from its host, and whether the host knows that it ran out."""

import math


class Lease:
    """Renewed by commands and signs of life. `expired` stays until the host goes on after it was told."""

    __slots__ = ("_told", "ends_ms", "expired")

    def __init__(self) -> None:
        self.ends_ms = math.inf
        self.expired = self._told = False

    def renew(self, now_ms: int, length_ms: int) -> None:
        """Somebody in charge has spoken."""
        self.ends_ms = now_ms + length_ms

    def run_out(self) -> None:
        """The host has been silent too long."""
        self.ends_ms = math.inf
        self.expired, self._told = True, False

    def told(self) -> None:
        """A status has gone out, with the expiry in it should there be one. It may get lost."""
        self._told = self.expired

    def host_goes_on(self) -> None:
        """A new request has come, no repetition: the answer before it has arrived."""
        if self._told:
            self.expired = self._told = False
