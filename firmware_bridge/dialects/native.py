"""The native dialect: what one line needs so that its sessions speak the protocol of `wire`."""

from firmware_bridge.errors import LocalProtocolError
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.reported import Reports
from firmware_bridge.wire.schema import BROADCAST, SPECS, Message
from firmware_bridge.wire.session import Patience, Session


class NativeLine:
    """One line with any number of devices; their sessions share what arrives on it.

    `reports` has what devices said unasked while somebody listened.
    """

    def __init__(self, patience: Patience) -> None:
        self.receiver = FrameReceiver()
        self.reports = Reports()
        self._patience = patience

    def session(self, address: int) -> Session:
        """A conversation with one device. Raises LocalProtocolError for an address that cannot exist."""
        return Session(address=address, receiver=self.receiver, patience=self._patience, reports=self.reports)

    def broadcast(self, message: Message) -> bytes:
        """Bytes that all devices obey and none answers. Raises LocalProtocolError for other messages."""
        if not SPECS[type(message)].broadcast:
            raise LocalProtocolError(f"{type(message).__name__} cannot be broadcast; address each device")
        return encode_frame(BROADCAST, 0, message)
