"""Our own bytes, coming back on a two-wire line (RS-485), taken out again.

The native protocol needs none of this: its requests and replies have ids of their own. Lines of text do: the
echo of `AZ10.0 EL20.0` reads like an answer.
"""

from typing import Final

from firmware_bridge.transport.port import Transport

MOST_OWED: Final = 4096  # bytes: on a line that nobody reads, as much as the system keeps of it


class EchoCancelling:
    """A transport that takes exactly the bytes written out of those read, on a line that echoes.

    Without being told (`echoes` None) it finds out: the first answer that does not begin with everything
    written since the last says that there is no echo, one that does says that there is. A protocol that
    repeats its requests as answers must be told. A damaged echo is passed on whole: the dialect above drops
    what is no answer. On a line opened again it finds out anew.
    """

    def __init__(self, transport: Transport, *, echoes: bool | None = None) -> None:
        self._transport, self._told = transport, echoes
        self.echoes = echoes
        self._owed, self._held = b"", b""
        self._opening = transport.epoch()

    @property
    def name(self) -> str:
        """See Transport."""
        return self._transport.name

    def epoch(self) -> int:
        """See Transport."""
        opening = self._transport.epoch()
        if opening != self._opening:
            self._opening, self.echoes = opening, self._told
            self._owed = self._held = b""
        return opening

    def write(self, data: bytes) -> None:
        """See Transport."""
        self._transport.write(data)
        if self.echoes is not False:
            self._owed = (self._owed + data)[-MOST_OWED:]

    def read(self, timeout_s: float) -> bytes:
        """See Transport; an answer that looks like the beginning of an echo is held for timeout_s at most."""
        data = self._transport.read(timeout_s)
        if not self._owed:
            return data
        self._held += data
        if not data:
            return self._given_up()
        if not self._owed.startswith(self._held[: len(self._owed)]):
            return self._no_echo()
        if len(self._held) < len(self._owed):
            return b""
        answer, self.echoes = self._held[len(self._owed) :], True
        self._owed = self._held = b""
        return answer

    def close(self) -> None:
        """See Transport."""
        self._transport.close()

    def _no_echo(self) -> bytes:
        """What came is no echo: it tells that there is none, unless it is known that there is one."""
        self.echoes = bool(self.echoes)
        return self._given_up()

    def _given_up(self) -> bytes:
        """Nothing more has come: what is held is all there is, and nothing is owed any more."""
        held, self._held = self._held, b""
        if held:
            self._owed = b""
        return held
