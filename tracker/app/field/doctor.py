"""What an installer would look at before leaving a site alone, looked at in one go. Nothing moves."""

import ctypes
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError, PortUnavailable
from firmware_bridge.mount import HeadMount, fault_words
from firmware_bridge.mounts import Bus
from firmware_bridge.reports import AxisStatus
from firmware_bridge.transport.names import lasting_name
from tracker.app.assemble import SIMULATED, bridges_of, heads_of_bridges
from tracker.app.field.irradiance import irradiance_sensor
from tracker.app.field.wind import wind_sensor
from tracker.app.wind_contacts import contact_heads
from tracker.control.control_socket import ask, socket_path
from tracker.errors import TrackerError
from tracker.plant import NO_SOURCE, Bridge, Plant, Safety

LEAST_FREE_BYTES: Final = 2_000_000_000  # chosen: a year of a 19-head journal
GREATEST_GUST_M_S: Final = 100.0  # chosen: beyond what sensors measure; the record is 113, Barrow Island 1996
CLOCK_SAYS: Final = "4 min of clock are 1 deg of sun"
TIMEX_BYTES: Final = 512  # more than any struct timex; all zero asks and changes nothing: adjtimex(2)
KEPT_BY_SOMEBODY: Final = range(5)  # its answers but for TIME_ERROR, which is "not synchronised"


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    CARE = "take care"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, what was seen, and what to do about it."""

    subject: str
    level: Level
    says: str
    next_action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The site to look at."""

    plant: Plant
    site_file: Path


Check = Callable[[Patient], Iterator[Finding]]

# What of a head's own words is trouble, and what only wants care.
SIGNS: Final[tuple[tuple[Callable[[AxisStatus], bool], Level, str, str], ...]] = (
    (lambda s: s.emergency_stop, Level.TROUBLE, "its emergency stop is pressed", "turn it back at the head"),
    (
        lambda s: s.fault_code != 0,
        Level.TROUBLE,
        "it has latched a fault: {fault}",
        "look for the cause, then clear it",
    ),
    (lambda s: not s.drive_enabled, Level.CARE, "it is locked", "unlock it when nobody is at it"),
    (lambda s: s.held, Level.CARE, "it is stopped and will not track or stow", "release it"),
    (lambda s: not s.position_trusted, Level.CARE, "it does not know its position", "home it, in calm"),
    (
        lambda s: s.wind_contact,
        Level.CARE,
        "its wind contact asks for a stow",
        "wait for calm, or look at it",
    ),
)


def examine(patient: Patient) -> Iterator[Finding]:
    """Every finding, in the order in which it is made. Raises nothing: what cannot be asked is a finding."""
    for check in CHECKS:
        try:
            yield from check(patient)
        except (TrackerError, BridgeError) as error:
            says, _, next_action = str(error).partition("; ")
            subject = (check.__doc__ or "").rstrip(".").lower()
            yield Finding(subject=subject, level=Level.TROUBLE, says=says, next_action=next_action)


def _heads(patient: Patient) -> Iterator[Finding]:
    """The heads."""
    answer = ask(socket_path(patient.site_file), {"verb": "status", "heads": []})
    if answer is not None:
        yield Finding(subject="run", level=Level.OK, says="a run leads this site and answers")
        yield from _led(answer)
        return
    plant = patient.plant
    for bridge, addresses in heads_of_bridges(plant.array, bridges_of(plant, None)):
        if bridge.port == SIMULATED:
            says = f"{len(addresses)} heads are simulated: nothing real hangs on {SIMULATED}"
            yield Finding(subject="port", level=Level.OK, says=says)
        else:
            yield from _line(bridge, addresses, plant)


def _led(answer: Mapping[str, Any]) -> Iterator[Finding]:
    for head in answer.get("heads", ()):
        silent = head["silent_s"] != 0
        level = Level.TROUBLE if silent or head["fault"] else Level.OK
        fault = f", fault {head['fault']}: {fault_words(head['fault'])}" if head["fault"] else ""
        says = f"{head['state']}{', silent' if silent else ''}{fault}"
        action = "look at its power and cable, and at the head" if level is Level.TROUBLE else ""
        yield Finding(subject=head["name"], level=level, says=says, next_action=action)


def _line(bridge: Bridge, addresses: Mapping[str, int], plant: Plant) -> Iterator[Finding]:
    better = lasting_name(bridge.port)
    if better is not None:
        says = f"{bridge.port} may be another device after the next plug-in"
        yield Finding(subject="port", level=Level.CARE, says=says, next_action=f"name it {better}")
    with open_bus(bridge.port, bridge.protocol, baud=bridge.baud) as bus:
        yield Finding(subject=bridge.port, level=Level.OK, says=f"opens; the protocol is {bridge.protocol}")
        yield from (
            Finding(subject=bridge.protocol, level=Level.CARE, says=concern) for concern in bus.concerns
        )
        yield from _fits(DIALECTS[bridge.protocol].capabilities, plant)
        for name, address in addresses.items():
            yield from _head(name, address, bus)


def _fits(can: Capabilities, plant: Plant) -> Iterator[Finding]:
    low_deg, high_deg = plant.array.mount.limits.azimuth_range_deg
    able_low_deg, able_high_deg = can.azimuth_range_deg
    if high_deg - low_deg > able_high_deg - able_low_deg:
        yield Finding(
            subject=can.protocol,
            level=Level.CARE,
            says=f"it can say {able_high_deg - able_low_deg:g} deg of azimuth, the site file allows "
            f"{high_deg - low_deg:g} deg",
            next_action="give mount.azimuth_range_deg as the controller has it",
        )


def _head(name: str, address: int, bus: Bus) -> Iterator[Finding]:
    try:
        mount = bus.mount(address)
        who = _identity(mount) if isinstance(mount, HeadMount) else ""
        status = mount.status()
    except PortUnavailable:
        raise
    except BridgeError as error:
        says, _, next_action = str(error).partition("; ")
        yield Finding(subject=name, level=Level.TROUBLE, says=says, next_action=next_action)
        return
    place = f"azimuth {status.azimuth_deg:.1f}, elevation {status.elevation_deg:.1f} deg"
    yield Finding(subject=name, level=Level.OK, says=f"answers at address {address}{who}, {place}")
    for holds, level, says, next_action in SIGNS:
        if holds(status):
            says = says.format(fault=fault_words(status.fault_code))
            yield Finding(subject=name, level=level, says=says, next_action=next_action)


def _identity(mount: HeadMount) -> str:
    identity = mount.hello()
    return f", serial number {identity.serial}, firmware {identity.firmware_version}"


def _wind(patient: Patient) -> Iterator[Finding]:
    """The wind."""
    source, safety = patient.plant.wind.source, patient.plant.safety
    if source == SIMULATED:
        real = [bridge.port for bridge in patient.plant.bridges if bridge.port != SIMULATED]
        level = Level.TROUBLE if real else Level.OK
        action = "name the real sensor in [wind]" if real else ""
        yield Finding(
            subject="wind", level=level, says="it is simulated, and always fair", next_action=action
        )
        return
    if contacts := contact_heads(source, patient.plant.array.names):
        yield _contacts(contacts, ask(socket_path(patient.site_file), {"verb": "status", "heads": []}))
        return
    with wind_sensor(source, patient.site_file.parent) as sensor:
        reading = sensor.read(time.monotonic())
        age_s = None if reading is None else time.monotonic() - reading.measured_s
    if reading is None or age_s is None:
        says = f"{source} gives no reading: missing wind is wind, the heads would stay stowed"
        yield Finding(
            subject="wind", level=Level.TROUBLE, says=says, next_action="look at the sensor and its line"
        )
        return
    yield _gust(reading.gust_m_s, age_s, safety)


def _light(patient: Patient) -> Iterator[Finding]:
    """The light on level ground, where the heads want to know of it."""
    source, folder = patient.plant.irradiance_source, patient.site_file.parent
    if source == NO_SOURCE:
        return
    with irradiance_sensor(source, folder) as sensor:
        reading = sensor.read(time.monotonic())
    if reading is None:
        says = f"{source} gives no reading: nobody knows of clouds, the heads face the sun"
        action = "look at the sensor and its line"
        yield Finding(subject="irradiance", level=Level.CARE, says=says, next_action=action)
        return
    age_s = time.monotonic() - reading.measured_s
    says = f"{reading.ghi_w_m2:.0f} W/m2 on level ground, {age_s:.0f} s old"
    yield Finding(subject="irradiance", level=Level.OK, says=says)


def _gust(gust_m_s: float, age_s: float, safety: Safety) -> Finding:
    says = f"gust {gust_m_s:.1f} m/s, {age_s:.1f} s old (limit {safety.wind_stale_after_s:g} s)"
    level, action = Level.OK, ""
    if not 0.0 <= gust_m_s <= GREATEST_GUST_M_S:
        says = f"gust {gust_m_s:g} m/s is not plausible"
        level, action = Level.TROUBLE, "look at the sensor, its line and its scale"
    elif age_s > safety.wind_stale_after_s:
        level, action = Level.TROUBLE, "look at the sensor and its line"
    elif gust_m_s >= safety.stow_gust_m_s:
        level, action = Level.CARE, f"above the stow gust {safety.stow_gust_m_s:g} m/s: heads stow"
    return Finding(subject="wind", level=level, says=says, next_action=action)


def _contacts(contacts: Sequence[str], answer: Mapping[str, Any] | None) -> Finding:
    who = f"wind contacts of {', '.join(contacts)}"
    if answer is None:
        says = f"{who}: a run reads them; what a head feels stands beside the head"
        return Finding(subject="wind", level=Level.OK, says=says)
    said = answer["wind"]["contact"]
    level = Level.OK if said else Level.TROUBLE
    action = "" if said else "look at these heads and their line: missing wind is wind"
    return Finding(subject="wind", level=level, says=f"{who}: {said or 'no answer'}", next_action=action)


def _clock(_patient: Patient) -> Iterator[Finding]:
    """The clock."""
    kept = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)) in KEPT_BY_SOMEBODY
    level, says = (Level.OK, "is kept right") if kept else (Level.CARE, "is kept right by nobody")
    action = "" if kept else f"let it be set from the network or a receiver: {CLOCK_SAYS}"
    yield Finding(subject="clock", level=level, says=says, next_action=action)


def _disk(patient: Patient) -> Iterator[Finding]:
    """The disk."""
    folder = patient.site_file.resolve().parent
    free = shutil.disk_usage(folder).free
    level = Level.OK if free >= LEAST_FREE_BYTES else Level.CARE
    action = "" if level is Level.OK else f"make room: a journal takes {LEAST_FREE_BYTES / 1e9:g} GB a year"
    says = f"{free / 1e9:.1f} GB free in {folder}"
    yield Finding(subject="disk", level=level, says=says, next_action=action)


def _libraries(patient: Patient) -> Iterator[Finding]:
    """The libraries."""
    sources = (patient.plant.wind.source, patient.plant.irradiance_source)
    needs_modbus = any(source.startswith("modbus:") for source in sources) or any(
        bridge.protocol == "sunspec" for bridge in patient.plant.bridges
    )
    if needs_modbus and find_spec("pymodbus") is None:
        yield Finding(
            subject="libraries",
            level=Level.TROUBLE,
            says="this site needs Modbus, and pymodbus is not installed",
            next_action="pip install 'sunflower-tracker[modbus]'",
        )


CHECKS: Final[tuple[Check, ...]] = (_libraries, _heads, _wind, _light, _clock, _disk)
