"""The languages that heads speak."""

from collections.abc import Callable, Mapping
from typing import Final

from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.wire.session import Patience

DIALECTS: Final[Mapping[str, Callable[[Patience], NativeLine]]] = {"native": NativeLine}
