"""What a second host says on a line that is not its own: somebody's laptop that asks for the status."""

from collections.abc import Sequence
from typing import Final

from firmware_bridge.simulator.faulty_line import AnotherHost
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.schema import GetStatus, Hello

NONCE: Final = 0x5EC07D


def native_host(addresses: Sequence[int]) -> AnotherHost:
    """Greets each device in turn, then asks it for its status, as `sunflower status` does."""

    def frame(number: int) -> bytes:
        asked, greets = number // 2, number % 2 == 0
        message = Hello(host_nonce=NONCE, greeting=number + 1) if greets else GetStatus()
        return encode_frame(addresses[asked % len(addresses)], number, message)

    return frame
