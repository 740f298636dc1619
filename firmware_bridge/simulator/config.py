"""What a simulated device is like; from and to plain JSON values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.gearing import Gearing, SlewDrive
from firmware_bridge.reports import AxisLimits, check_inside
from firmware_bridge.simulator.fault_spec import fault_spec
from firmware_bridge.simulator.line_end import LAST_TCP_PORT
from firmware_bridge.simulator.plant import Axis
from firmware_bridge.wire.schema import FIRST_ADDRESS, LAST_ADDRESS, Option

FLAT_DEG: Final = 90.0
SERIALS_FROM: Final = 1000
END_STOP_BEYOND_TRAVEL_DEG: Final = 2.0  # chosen: room for a slew drive to brake


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDevice:
    """One head's motors. Elevation 0 is the horizon, 90 the panel flat, facing the zenith.

    Hard end stops stand 2 deg outside the ranges. The flat switch is closed at and above 90 deg, or at
    and above the upper end of the elevation range where that is lower. Raises ValueError for an address
    that cannot exist, for positions outside the ranges, and for rates, accelerations, lease or
    counts_per_deg that are not positive.
    """

    address: int = 1
    serial: int | None = None  # without one it follows from the address
    counts_per_deg_azimuth: float = 1000.0
    counts_per_deg_elevation: float = 1000.0
    azimuth_range_deg: tuple[float, float] = (-270.0, 270.0)
    elevation_range_deg: tuple[float, float] = (0.0, 95.0)
    azimuth_rate_deg_s: float = 0.5
    elevation_rate_deg_s: float = 0.3
    backlash_deg: float = 0.1
    azimuth_home_deg: float = 0.0
    elevation_home_deg: float = 0.0
    azimuth_start_deg: float = 0.0
    elevation_start_deg: float = 90.0
    position_trusted: bool = True
    lease_s: float = 5.0
    azimuth_acceleration_deg_s2: float = 0.5
    elevation_acceleration_deg_s2: float = 0.5
    nudge_max_deg: float = 2.0
    foldable: bool = True
    wind_contact: bool = False
    fold_when_stowed: bool = False
    fault_reports: bool = False

    def __post_init__(self) -> None:
        if not FIRST_ADDRESS <= self.address <= LAST_ADDRESS:
            raise ValueError(f"address is {self.address}; use {FIRST_ADDRESS} to {LAST_ADDRESS}")
        if not (self.counts_per_deg_azimuth > 0.0 and self.counts_per_deg_elevation > 0.0):
            raise ValueError("counts_per_deg must be positive on both axes; simulated motors turn forward")
        if not self.backlash_deg >= 0.0:
            raise ValueError(f"backlash_deg is {self.backlash_deg}; it cannot be negative")
        check_inside("azimuth_start_deg", self.azimuth_start_deg, self.azimuth_range_deg)
        check_inside("elevation_start_deg", self.elevation_start_deg, self.elevation_range_deg)
        _ = self.limits  # raises for the rest

    @property
    def serial_number(self) -> int:
        """Its own number, whatever its address will be."""
        return SERIALS_FROM + self.address if self.serial is None else self.serial

    @property
    def flat_deg(self) -> float:
        """Where the flat switch closes."""
        return min(FLAT_DEG, self.elevation_range_deg[1])

    @property
    def gearing(self) -> Gearing:
        """Counts and angles of an ideal mount with these motors."""
        return Gearing(
            azimuth=SlewDrive(counts_per_deg=self.counts_per_deg_azimuth),
            elevation=SlewDrive(counts_per_deg=self.counts_per_deg_elevation),
        )

    @property
    def limits(self) -> AxisLimits:
        """What its memory holds at first."""
        return AxisLimits(
            azimuth_range_deg=self.azimuth_range_deg,
            elevation_range_deg=self.elevation_range_deg,
            azimuth_rate_deg_s=self.azimuth_rate_deg_s,
            elevation_rate_deg_s=self.elevation_rate_deg_s,
            stow_elevation_deg=self.flat_deg,
            azimuth_home_deg=self.azimuth_home_deg,
            elevation_home_deg=self.elevation_home_deg,
            lease_s=self.lease_s,
            azimuth_acceleration_deg_s2=self.azimuth_acceleration_deg_s2,
            elevation_acceleration_deg_s2=self.elevation_acceleration_deg_s2,
            nudge_max_deg=self.nudge_max_deg,
            options=self.options,
        )

    @property
    def options(self) -> Option:
        """What is chosen in its memory at first."""
        chosen = {
            Option.WIND_CONTACT: self.wind_contact,
            Option.FOLD_WHEN_STOWED: self.fold_when_stowed,
            Option.FAULT_REPORTS: self.fault_reports,
        }
        return Option(sum(option for option, wanted in chosen.items() if wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """One line of devices. In lockstep device time stands still until the side channel advances it."""

    devices: tuple[SimulatedDevice, ...]
    lockstep: bool = True
    link: str | None = None  # where to put a symlink to the line
    tcp_port: int | None = None  # serve it here on loopback instead of on a pty; 0: any that is free
    faults: str = ""  # of the line, see `fault_spec`
    protocol: str = "native"  # or one of `dialects.servers.SERVERS`, for one device

    def __post_init__(self) -> None:
        if self.protocol != "native" and (self.protocol not in SERVERS or len(self.devices) != 1):
            known = ", ".join(("native", *SERVERS))
            raise ValueError(
                f"protocol {self.protocol!r} for {len(self.devices)} devices; use one of: {known}; all but "
                "native for one device alone"
            )
        addresses = [device.address for device in self.devices]
        if not addresses or len(set(addresses)) != len(addresses):
            raise ValueError(f"addresses are {addresses}; give each of at least one device its own")
        if self.tcp_port is not None and not 0 <= self.tcp_port <= LAST_TCP_PORT:
            raise ValueError(f"tcp_port is {self.tcp_port}; use 0 to {LAST_TCP_PORT}")
        fault_spec(self.faults)  # raises for what cannot be read


def azimuth_axis(device: SimulatedDevice) -> Axis:
    """Its azimuth motor, gear and switches, in true counts."""
    return _axis(
        device.counts_per_deg_azimuth,
        device.azimuth_range_deg,
        start_deg=device.azimuth_start_deg,
        home_deg=device.azimuth_home_deg,
        play_deg=device.backlash_deg,
    )


def elevation_axis(device: SimulatedDevice) -> Axis:
    """Its elevation motor, gear and switches, in true counts."""
    return _axis(
        device.counts_per_deg_elevation,
        device.elevation_range_deg,
        start_deg=device.elevation_start_deg,
        home_deg=device.elevation_home_deg,
        play_deg=device.backlash_deg,
    )


def _axis(
    counts_per_deg: float,
    range_deg: tuple[float, float],
    *,
    start_deg: float,
    home_deg: float,
    play_deg: float,
) -> Axis:
    low_deg, high_deg = range_deg
    beyond_deg = END_STOP_BEYOND_TRAVEL_DEG
    return Axis(
        start_counts=start_deg * counts_per_deg,
        end_counts=((low_deg - beyond_deg) * counts_per_deg, (high_deg + beyond_deg) * counts_per_deg),
        home_counts=home_deg * counts_per_deg,
        play_counts=play_deg * counts_per_deg,
    )


def config_to_json(config: SimulatorConfig) -> dict[str, Any]:
    """Plain values for `json.dumps`."""
    return asdict(config)


def config_from_json(values: Mapping[str, Any]) -> SimulatorConfig:
    """The reverse. Raises ValueError for an unknown key, one that is missing, or a wrong value."""
    known = {each.name for each in fields(SimulatedDevice)}
    devices = []
    for entry in values.get("devices", ()):
        unknown = sorted(set(entry) - known)
        if unknown:
            raise ValueError(f"device key {unknown[0]!r} is unknown; use: {', '.join(sorted(known))}")
        devices.append(SimulatedDevice(**{key: _as_range(value) for key, value in entry.items()}))
    return SimulatorConfig(
        devices=tuple(devices),
        lockstep=bool(values.get("lockstep", True)),
        link=values.get("link"),
        tcp_port=values.get("tcp_port"),
        faults=values.get("faults", ""),
        protocol=values.get("protocol", "native"),
    )


def _as_range(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
