"""Carries one conversation at a time over a transport, in real time."""

import logging
from collections.abc import Callable
from typing import Protocol

from firmware_bridge.transport.port import Transport
from firmware_bridge.wire.schema import Message

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """A session of any dialect: bytes in and out, told the time (see `wire.session.Session`)."""

    @property
    def deadline_s(self) -> float | None:
        """When to call `expire`, or None while nothing is outstanding."""
        ...

    def request(self, message: Message, now_s: float) -> bytes:
        """Bytes to send."""
        ...

    def receive(self, data: bytes) -> Message | None:
        """The answer, once it is there."""
        ...

    def expire(self, now_s: float) -> bytes:
        """Bytes to send again; raises when it is time to give up."""
        ...

    def abandon(self) -> None:
        """Wait no longer for an answer."""
        ...


class Link:
    """A transport with a clock; `clock` gives monotonic seconds. `bytes_written` counts all that was sent."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._clock = clock
        self.bytes_written = 0

    def epoch(self) -> int:
        """See `Transport.epoch`: greet again before commanding when it has changed. Raises LineGone."""
        return self._transport.epoch()

    def send(self, data: bytes) -> None:
        """Write bytes that nobody answers; a line that is gone is reopened first. Raises LinkLost."""
        self._transport.epoch()
        self._write(data)

    def transact(self, conversation: Conversation, message: Message) -> Message:
        """The answer to a request. Raises LinkLost, RemoteProtocolError or LocalProtocolError."""
        request = conversation.request(message, self._clock())
        try:
            self.send(request)
            return self._awaited(conversation)
        finally:
            conversation.abandon()  # also when interrupted: a STOP may follow at once

    def close(self) -> None:
        """Let go of the transport."""
        self._transport.close()

    def _awaited(self, conversation: Conversation) -> Message:
        while True:
            answer = conversation.receive(self._read_until(conversation.deadline_s))
            if answer is not None:
                return answer
            again = conversation.expire(self._clock())
            if again:
                self._write(again)  # never on a line reopened meanwhile: its devices may be others

    def _write(self, data: bytes) -> None:
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s > %s", self._transport.name, data.hex(" "))
        self._transport.write(data)
        self.bytes_written += len(data)

    def _read_until(self, deadline_s: float | None) -> bytes:
        now_s = self._clock()
        data = self._transport.read((now_s if deadline_s is None else deadline_s) - now_s)
        if data and _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s < %s", self._transport.name, data.hex(" "))
        return data
