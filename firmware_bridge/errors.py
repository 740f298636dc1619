"""What can go wrong between a command and a motor; each message ends with the next action."""


class BridgeError(Exception):
    """Anything that keeps a command from being carried out."""


class LocalProtocolError(BridgeError):
    """We asked for something that the protocol cannot say."""


class RemoteProtocolError(BridgeError):
    """The device answers, but not in the language that was agreed."""


class LinkLost(BridgeError):
    """No answer within all tries, or the port went away."""


class LineGone(LinkLost):
    """The line itself is away. It is reopened by itself; until then asking anybody on it costs no time."""


class CommandRefused(BridgeError):
    """The device understood and declined; nothing has changed. `reason` is a `schema.Refusal` code."""

    def __init__(self, address: int, command: str, reason: int, explanation: str) -> None:
        self.address, self.command, self.reason = address, command, reason
        super().__init__(f"device {address} refuses {command}: {explanation}")


class DeviceFault(BridgeError):
    """The device has latched a fault and stays still until it is cleared. `code` is a `schema.Fault`."""

    def __init__(self, address: int, code: int, explanation: str) -> None:
        self.address, self.code = address, code
        super().__init__(
            f"device {address} has latched fault {code} ({explanation}); look for the cause, then clear it"
        )


class PortUnavailable(BridgeError):
    """A port that is missing, in use, forbidden, or no serial device."""

    def __init__(self, port: str, problem: str, next_action: str) -> None:
        self.port = port
        super().__init__(f"port {port} {problem}; {next_action}")
