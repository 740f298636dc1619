"""The served array as registers: what a read says and what a write means. Pure; told the time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, TrackerArray
from firmware_bridge.dialects.sunspec.controls import Ask, Controls
from firmware_bridge.dialects.sunspec.image import SCALES, Maker, View, read_registers
from firmware_bridge.dialects.sunspec.layout import ALL, BASES, Layout, Place
from firmware_bridge.dialects.sunspec.lease import LEASE_S, ControlLease
from firmware_bridge.dialects.sunspec.models import MODELS, TRACKERS, Control
from firmware_bridge.dialects.sunspec.points import value_from
from firmware_bridge.modbus.port import READ_HOLDING
from firmware_bridge.modbus.refusal import Code, Rejected

AZIMUTH_RANGE_DEG: Final = (0.0, 360.0)


class ArrayMap:
    """An array as SunSpec registers; fits `modbus.served.Unit`.

    `when_silent` is the order for trackers that SCADA has taken and then forgotten: RESUME or STOW.
    Raises ValueError for another order, for a lease that is no time, or for too many trackers.
    """

    silent: Final = False

    def __init__(
        self,
        array: TrackerArray,
        *,
        unit: int = 1,
        base: int = BASES[0],
        lease_s: float = LEASE_S,
        when_silent: Order = Order.RESUME,
        maker: Maker | None = None,
    ) -> None:
        if when_silent not in (Order.RESUME, Order.STOW):
            raise ValueError(f"when_silent is {when_silent.name}; it must be RESUME or STOW")
        self._array, self._unit, self._maker = array, unit, maker or Maker()
        self._layout = Layout(MODELS, len(array.report().trackers), base)
        self._lease = ControlLease(lease_s)
        self._controls = Controls(array, self._layout.trackers, self._lease, when_silent)
        self._heartbeat = 0

    @property
    def base(self) -> int:
        """The first register, that of the marker."""
        return self._layout.base

    @property
    def length(self) -> int:
        """How many registers there are."""
        return self._layout.length

    def tick(self, now_s: float) -> None:
        """Time has passed: a lease may end."""
        self._settled_report(now_s)

    def read(self, function: int, address: int, count: int, now_s: float) -> list[int]:
        """Holding registers of the map's range. Raises Rejected for other functions and ranges."""
        if function != READ_HOLDING:
            raise Rejected(Code.ILLEGAL_FUNCTION, "SunSpec stands in holding registers")
        if count < 1 or address < self.base or address + count > self.base + self.length:
            raise Rejected(
                Code.ILLEGAL_ADDRESS, f"registers {address} to {address + count - 1} are not there"
            )
        return read_registers(self._layout, self._view(now_s), address, count)

    def write(self, address: int, values: Sequence[int], now_s: float) -> None:
        """Obey a write of whole writable points. Raises Rejected, and nothing has changed."""
        places = self._writable(address, len(values))
        written = {
            place.point.name: _checked(place, values[place.address - address : place.end - address])
            for place in places
        }
        report = self._settled_report(now_s)
        if places[0].model is TRACKERS:
            self._direct(places[0].tracker, written, report, now_s)
        else:
            self._request(places[0], written[places[0].point.name], report, now_s)

    def _writable(self, address: int, count: int) -> tuple[Place, ...]:
        places = self._layout.overlapping(address, count)
        whole = places and places[0].address == address and places[-1].end == address + count
        if not whole or not all(place.point.writable for place in places):
            raise Rejected(
                Code.ILLEGAL_ADDRESS,
                f"registers {address} to {address + count - 1} are no whole writable points",
            )
        return places

    def _direct(self, tracker: int, written: Mapping[str, float], report: ArrayReport, now_s: float) -> None:
        """Set points and mode, of one tracker or of all."""
        controls, prefix = self._controls, "Glbl" if tracker == ALL else ""
        before = controls.common if tracker == ALL else controls.asks[tracker]
        ask = replace(
            before,
            azimuth_deg=written.get(f"{prefix}AzCtl", before.azimuth_deg),
            elevation_deg=written.get(f"{prefix}ElCtl", before.elevation_deg),
        )
        _check_target(ask, report)
        mode = written.get(f"{prefix}Ctl")
        trackers = controls.everyone if tracker == ALL else (tracker,)
        controls.direct(trackers, ask, None if mode is None else Control(int(mode)), report, now_s)
        if tracker == ALL:
            controls.common = ask
        else:
            now = controls.asks[tracker]
            controls.asks[tracker] = replace(
                now, azimuth_deg=ask.azimuth_deg, elevation_deg=ask.elevation_deg
            )

    def _request(self, place: Place, value: float, report: ArrayReport, now_s: float) -> None:
        """What the vendor block can ask for. Its writable points do not adjoin: one a write."""
        controls = self._controls
        trackers = controls.everyone if place.tracker == ALL else (place.tracker,)
        if place.point.name == "Hb":
            if value != self._heartbeat:
                self._lease.beat(now_s)
            self._heartbeat = int(value)
        elif place.point.name == "StpCtl":
            controls.stop(trackers, bool(value), report)
        else:
            controls.stow(trackers, bool(value), report)

    def _settled_report(self, now_s: float) -> ArrayReport:
        report = self._array.report()
        self._controls.settle(report, now_s)
        return report

    def _view(self, now_s: float) -> View:
        return View(
            report=self._settled_report(now_s),
            asks=tuple(self._controls.asks),
            common=self._controls.common,
            lease=self._lease,
            heartbeat=self._heartbeat,
            unit=self._unit,
            maker=self._maker,
            now_s=now_s,
        )


def _checked(place: Place, registers: Sequence[int]) -> float:
    """The value written to a point. Raises Rejected when it is not implemented or no code of its list."""
    point = place.point
    value = value_from(point, registers, SCALES.get(point.scale, 0))
    codes = tuple(code for _, code in point.symbols)
    if not isinstance(value, int | float) or (codes and value not in codes):
        raise Rejected(Code.ILLEGAL_VALUE, f"{point.name} cannot be {value}")
    return value


def _check_target(ask: Ask, report: ArrayReport) -> None:
    _check_inside("azimuth", ask.azimuth_deg, AZIMUTH_RANGE_DEG)
    _check_inside("elevation", ask.elevation_deg, report.elevation_range_deg)


def _check_inside(name: str, angle_deg: float | None, range_deg: tuple[float, float]) -> None:
    if angle_deg is not None and not range_deg[0] <= angle_deg <= range_deg[1]:
        raise Rejected(
            Code.ILLEGAL_VALUE, f"{name} {angle_deg} deg is outside {range_deg[0]} to {range_deg[1]} deg"
        )
