"""Wires the rooms together: a plant becomes ports, heads and a loop."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.gearing import DEFAULT_GEARING
from firmware_bridge.mount import HeadMount
from firmware_bridge.mounts import Bus, Mount
from firmware_bridge.reports import NO_OPTIONS, AxisLimits
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.wire.schema import Capability, Option
from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.app.wind_contacts import contact_heads
from tracker.decision.values import Rules
from tracker.errors import DeviceUnavailable, InvalidInput
from tracker.frames import AxisPose
from tracker.plant import Array, Bridge, Plant
from tracker.ports.pointing import Pointing

_log = logging.getLogger(__name__)

SIMULATED: Final = "sim:"
FIRST_ADDRESS: Final = 1
RUN_UP_S: Final = 1.0  # chosen: a drive takes that long to its full rate, and to a stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One open port with its heads by name, and the simulator behind it, if it is one."""

    bus: Bus
    heads: Mapping[str, Mount]
    simulator: SimulatorProcess | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSite:
    """All ports of a site, open; `heads` in the array's order."""

    lines: tuple[Line, ...]
    heads: Mapping[str, Mount]

    @property
    def buses(self) -> tuple[Bus, ...]:
        """The open buses."""
        return tuple(line.bus for line in self.lines)

    def advance(self, seconds: float) -> None:
        """Let the time of simulated devices in lockstep pass, once they have read what was sent."""
        for line in self.lines:
            if line.simulator is not None:
                line.simulator.advance(seconds, after_bytes=line.bus.bytes_written)

    def true_pose(self) -> AxisPose:
        """Where the shafts of simulated heads really are, play in the gears included, (H,)."""
        angles: dict[str, tuple[float, float]] = {}
        for line in self.lines:
            truth = {} if line.simulator is None else line.simulator.truth()
            for name, head in line.heads.items():
                shafts, gearing = truth[head.address], DEFAULT_GEARING
                angles[name] = (
                    gearing.azimuth.angle_deg(shafts.azimuth_counts),
                    gearing.elevation.angle_deg(shafts.elevation_counts),
                )
        azimuth_deg, elevation_deg = np.array([angles[name] for name in self.heads]).T
        return AxisPose(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)


@contextmanager
def open_site(
    plant: Plant,
    *,
    lockstep: bool = False,
    port: str | None = None,
    only: Collection[str] | None = None,
    silent_may_stay: bool = False,
) -> Iterator[OpenSite]:
    """Open every port of the plant, simulators included, and give each head its limits.

    `port` replaces the port of a plant with one bridge; `only` these heads are opened, with their ports. In
    lockstep simulated time stands still until `OpenSite.advance`. With `silent_may_stay` a head that does
    not answer is warned about, and joins when it does, as long as another on its port answers.

    Raises InvalidInput for a `port` that could mean several bridges, PortUnavailable for one that cannot be
    had, and DeviceUnavailable naming a head that does not answer, or not as it should.
    """
    with ExitStack() as stack:
        lines = []
        for bridge, addresses in heads_of_bridges(plant.array, bridges_of(plant, port)):
            heads = {name: at for name, at in addresses.items() if only is None or name in only}
            if heads:
                line = _open_line(bridge, heads, plant, stack, lockstep=lockstep)
                _configure(line, bridge.port, plant, silent_may_stay=silent_may_stay)
                lines.append(line)
        by_name = {name: head for line in lines for name, head in line.heads.items()}
        in_order = [name for name in plant.array.names if name in by_name]
        yield OpenSite(lines=tuple(lines), heads={name: by_name[name] for name in in_order})


def heads_of_bridges(array: Array, bridges: tuple[Bridge, ...]) -> list[tuple[Bridge, dict[str, int]]]:
    """Which heads hang on which port, at which address: as named, the rest spread over the ports in order.

    Raises InvalidInput for more heads on a port than its protocol carries.
    """
    named = {name for bridge in bridges for name in bridge.heads}
    rest = [name for name in array.names if name not in named]
    shares = np.array_split(np.arange(len(rest)), len(bridges))
    spread = []
    for bridge, share in zip(bridges, shares, strict=True):
        heads, taken = dict(bridge.heads), set(bridge.heads.values())
        free = (
            address
            for address in range(FIRST_ADDRESS, len(array.names) + FIRST_ADDRESS)
            if address not in taken
        )
        heads |= {rest[index]: address for index, address in zip(share.tolist(), free, strict=False)}
        _refuse_too_many(bridge, len(heads))
        spread.append((bridge, heads))
    return spread


def _refuse_too_many(bridge: Bridge, heads: int) -> None:
    carried = DIALECTS[bridge.protocol].capabilities.heads_on_a_port
    if heads > carried:
        raise InvalidInput(
            f"{heads} heads are on {bridge.port}, but {bridge.protocol} carries {carried} on a port; "
            "give each head a [[bridge]] of its own, or use native"
        )


def rules_for(plant: Plant, pointing: Pointing) -> Rules:
    """The rules of decision that the plant asks for."""
    mount = plant.array.mount
    return Rules(
        limits=mount.limits,
        safety=plant.safety,
        pointing=pointing,
        dead_band_deg=mount.dead_band_deg,
        horizon=plant.horizon,
    )


def tracking_rules_for(plant: Plant, pointing: Pointing) -> Rules:
    """The same for heads that follow the sun all day: where that pays, they keep out of each other's shade.

    And where the plant says so, they lean for diffuse light.

    Finding out takes half a second, and a minute or two for a field so dense that it does, once: it is kept.
    """
    from tracker.study.driven.shade_aim import aim_table  # the yield's code, 0.8 s: a stop has no time for it
    from tracker.study.driven.sky_table import diffuse_rules

    avoidance = aim_table(plant.array, plant.site.latitude_deg)
    return replace(rules_for(plant, pointing), avoidance=avoidance, diffuse=diffuse_rules(plant))


def axis_limits(plant: Plant, *, wind_contact: bool = False) -> AxisLimits:
    """What each device must know by itself, and whether its wind contact is one of the site's."""
    limits = plant.array.mount.limits
    return AxisLimits(
        azimuth_range_deg=limits.azimuth_range_deg,
        elevation_range_deg=limits.elevation_range_deg,
        azimuth_rate_deg_s=limits.azimuth_rate_deg_s,
        elevation_rate_deg_s=limits.elevation_rate_deg_s,
        stow_elevation_deg=min(FLAT_ELEVATION_DEG, limits.elevation_range_deg[1]),
        azimuth_home_deg=_inside(0.0, limits.azimuth_range_deg),
        elevation_home_deg=_inside(0.0, limits.elevation_range_deg),
        lease_s=plant.safety.link_lease_s,
        azimuth_acceleration_deg_s2=limits.azimuth_rate_deg_s / RUN_UP_S,
        elevation_acceleration_deg_s2=limits.elevation_rate_deg_s / RUN_UP_S,
        options=Option.WIND_CONTACT if wind_contact else NO_OPTIONS,
    )


def _open_line(
    bridge: Bridge, heads: dict[str, int], plant: Plant, stack: ExitStack, *, lockstep: bool
) -> Line:
    simulator, url = None, bridge.port
    if bridge.port == SIMULATED:
        devices = [simulated_head(address, axis_limits(plant)) for address in heads.values()]
        simulator = stack.enter_context(SimulatorProcess(devices, lockstep=lockstep))
        url = simulator.port
    bus = stack.enter_context(open_bus(url, bridge.protocol, baud=bridge.baud))
    mounts = {name: bus.mount(address) for name, address in heads.items()}
    return Line(bus=bus, heads=mounts, simulator=simulator)


def _configure(line: Line, port: str, plant: Plant, *, silent_may_stay: bool) -> None:
    contacts, silent = contact_heads(plant.wind.source, plant.array.names), []
    for name, head in line.heads.items():
        place = f"{name} (address {head.address} on {port})"
        try:
            head.configure(axis_limits(plant, wind_contact=name in contacts))
            if name in contacts:
                _refuse_no_contact(place, head)
        except BridgeError as error:
            if not (silent_may_stay and isinstance(error, LinkLost)):
                raise DeviceUnavailable(f"{place}: {error}") from error
            silent.append(f"{place}: {error}")
    if len(silent) == len(line.heads):
        raise DeviceUnavailable(f"no head answers on {port}\n  " + "\n  ".join(silent))
    for trouble in silent:
        _log.warning("%s; the others go on without it", trouble)


def _refuse_no_contact(place: str, head: Mount) -> None:
    """A head that cannot feel wind would always say calm. Raises InvalidInput, and what greeting raises."""
    if not isinstance(head, HeadMount) or not head.hello().capabilities & Capability.WIND_CONTACT:
        raise InvalidInput(f"{place} takes no wind contact; name in wind.source only heads that have one")


def simulated_head(address: int, limits: AxisLimits) -> SimulatedDevice:
    """A head that has just been switched on: it does not know where it is."""
    return SimulatedDevice(
        address=address,
        azimuth_range_deg=limits.azimuth_range_deg,
        elevation_range_deg=limits.elevation_range_deg,
        azimuth_rate_deg_s=limits.azimuth_rate_deg_s,
        elevation_rate_deg_s=limits.elevation_rate_deg_s,
        azimuth_home_deg=limits.azimuth_home_deg,
        elevation_home_deg=limits.elevation_home_deg,
        azimuth_start_deg=_inside(0.0, limits.azimuth_range_deg),
        elevation_start_deg=limits.stow_elevation_deg,
        position_trusted=False,
        lease_s=limits.lease_s,
        azimuth_acceleration_deg_s2=limits.azimuth_acceleration_deg_s2,
        elevation_acceleration_deg_s2=limits.elevation_acceleration_deg_s2,
    )


def bridges_of(plant: Plant, port: str | None) -> tuple[Bridge, ...]:
    """The plant's bridges; `port` replaces that of a single one.

    Raises InvalidInput where it cannot.
    """
    bridges = plant.bridges
    if port is None:
        return bridges
    if len(bridges) != 1:
        raise InvalidInput(
            f"--port {port} could mean any of {len(bridges)} bridges; name the ports in the site file"
        )
    return (replace(bridges[0], port=port),)


def _inside(angle_deg: float, range_deg: tuple[float, float]) -> float:
    return min(max(angle_deg, range_deg[0]), range_deg[1])
