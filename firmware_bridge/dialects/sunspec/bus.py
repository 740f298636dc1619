"""A Modbus line with tracker controllers on it, as a bus of mounts."""

from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.dialects.sunspec.capabilities import MODEL_601, NO_STOP, WITH_OUR_BLOCK
from firmware_bridge.dialects.sunspec.controller import Controller
from firmware_bridge.dialects.sunspec.head import SunSpecHead
from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.modbus.line import DEFAULT_SETTINGS, LineSettings, open_line
from firmware_bridge.modbus.port import RegisterLine
from firmware_bridge.reports import AxisStatus

UNIT: Final = "?unit="
FIRST_UNIT: Final = 1
LAST_UNIT: Final = 247  # units of a serial line (MODBUS over Serial Line 1.02, section 2.2)


class SunSpecBus:
    """Heads behind SunSpec controllers; fits `mounts.Bus`. A context manager; for one thread.

    With a unit, the heads' addresses are tracker numbers of that controller. Without, each address is a unit
    with one tracker.
    """

    def __init__(self, line: RegisterLine, unit: int | None = None) -> None:
        self._line, self._unit = line, unit
        self._controllers: dict[int, Controller] = {}
        self._heads: dict[int, SunSpecHead] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What all controllers on the line can do; who was not yet seen is taken for the least."""
        known_ours = [controller.known_ours for controller in self._controllers.values()]
        return WITH_OUR_BLOCK if known_ours and all(known_ours) else MODEL_601

    @property
    def concerns(self) -> tuple[str, ...]:
        """What cannot be done safely, a sentence each."""
        concerns = self.capabilities.concerns
        return concerns if self.capabilities is WITH_OUR_BLOCK else (NO_STOP, *concerns)

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        return self._line.bytes_written

    def mount(self, address: int, gearing: Gearing = DEFAULT_GEARING) -> SunSpecHead:
        """The head at an address; SunSpec speaks in angles and needs no gearing."""
        unit, tracker = (address, 1) if self._unit is None else (self._unit, address)
        controller = self._controllers.setdefault(unit, Controller(self._line, unit))
        return self._heads.setdefault(address, SunSpecHead(controller, address, tracker))

    def keep_alive(self) -> None:
        """Renew every lease. Raises the first BridgeError after all were tried."""
        failures: list[BridgeError] = []
        for controller in self._controllers.values():
            try:
                controller.beat()
            except BridgeError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def stop_all(self) -> dict[int, AxisStatus]:
        """Stop every head, one by one. Raises LinkLost naming those that did not, after all were asked."""
        return self._all("stop", SunSpecHead.stop)

    def stow_all(self) -> dict[int, AxisStatus]:
        """Stow every head, one by one. Raises LinkLost naming those that did not, after all were asked."""
        return self._all("stow", SunSpecHead.stow)

    def close(self) -> None:
        """Let go of the port; twice is once."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _all(self, what: str, ask: Callable[[SunSpecHead], AxisStatus]) -> dict[int, AxisStatus]:
        done: dict[int, AxisStatus] = {}
        failures: dict[int, BridgeError] = {}
        for address, head in self._heads.items():
            try:
                done[address] = ask(head)
            except BridgeError as error:
                failures[address] = error
        if failures:
            first = next(iter(failures.values()))
            heads = ", ".join(map(str, failures))
            raise LinkLost(f"{what} was not confirmed by {heads}: {first}") from first
        return done


def open_sunspec(url: str, settings: LineSettings = DEFAULT_SETTINGS) -> SunSpecBus:
    """Open a line to SunSpec controllers: a URL of `modbus.line.open_line`, and `?unit=N` behind it when one
    controller has several trackers. Raises as `open_line`, and ValueError for a unit that cannot be.
    """
    port, asked, unit = url.partition(UNIT)
    if not asked:
        return SunSpecBus(open_line(port, settings))
    if not unit.isdecimal() or not FIRST_UNIT <= int(unit) <= LAST_UNIT:
        raise ValueError(f"unit {unit!r} in port {url!r} must be {FIRST_UNIT} to {LAST_UNIT}")
    return SunSpecBus(open_line(port, settings), int(unit))
