"""What a protocol can say, and so what cannot be done safely with heads that speak it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FINE_ENOUGH_DEG: Final = 0.1  # chosen: less than half the sun's radius, 0.27 deg


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """One protocol. `azimuth_range_deg` is what it can say; past 360 deg wide, it tells turns apart.

    `confirmed`: a command is answered; `checked`: a disturbed byte is noticed, by the protocol or by TCP
    below it; `stores_limits`, `lock`, `flat_switch`, `trusted_position`, `faults`, `rates` and the rest: the
    device knows of it by itself.
    """

    protocol: str
    resolution_deg: float
    azimuth_range_deg: tuple[float, float]
    elevation_range_deg: tuple[float, float]
    heads_on_a_port: int = 1
    confirmed: bool = False
    checked: bool = False
    lease: bool = False
    sets_lease: bool = False  # this host tells the head how long it is
    stow: bool = False
    home: bool = False
    flat_switch: bool = False
    trusted_position: bool = False
    stores_limits: bool = False
    rates: bool = False
    lock: bool = False
    faults: bool = False
    tells_range: bool = False  # the device says which angles it takes

    @property
    def concerns(self) -> tuple[str, ...]:
        """What cannot be done safely, a sentence each; for start-up and `sunflower doctor`."""
        lacking = [says for name, says in CONCERNS.items() if not getattr(self, name)]
        if self.resolution_deg > FINE_ENOUGH_DEG:
            lacking.append(
                f"it knows steps of {self.resolution_deg:g} deg only: "
                f"panels point up to {self.resolution_deg / 2.0:g} deg beside the sun"
            )
        return tuple(lacking)


CONCERNS: Final[Mapping[str, str]] = {
    "lease": "no lease: when this host falls silent the head goes on as told, and nothing stows it",
    "stow": "no stow of its own: in wind this host sends it to the stow elevation, while the link holds",
    "trusted_position": "it does not say whether its position is true: "
    "look at it after every power cut, before it is let move",
    "lock": "no lock: its drive cannot be switched off from here; use its own switch before going near",
    "stores_limits": "travel limits are kept by this host alone; set those of the controller as well",
    "home": "it cannot be homed from here; home it at its controller",
    "confirmed": "commands are not answered: one that got lost shows only in the position",
    "checked": "no checksum: a disturbed byte can become another angle inside the travel",
    "rates": "it moves at its own rates, not at those of the site file",
    "faults": "it reports no faults: a jam shows only as a position that does not change",
}

NATIVE: Final = Capabilities(
    protocol="native",
    resolution_deg=0.001,  # counts of the default gearing
    azimuth_range_deg=(-36000.0, 36000.0),
    elevation_range_deg=(-90.0, 180.0),
    heads_on_a_port=247,
    confirmed=True,
    checked=True,
    lease=True,
    sets_lease=True,
    stow=True,
    home=True,
    flat_switch=True,
    trusted_position=True,
    stores_limits=True,
    rates=True,
    lock=True,
    faults=True,
)
EASYCOMM2: Final = Capabilities(
    protocol="easycomm2",
    resolution_deg=0.1,
    azimuth_range_deg=(0.0, 360.0),
    elevation_range_deg=(0.0, 180.0),
)
EASYCOMM3: Final = Capabilities(
    protocol="easycomm3",
    resolution_deg=0.1,
    azimuth_range_deg=(0.0, 360.0),
    elevation_range_deg=(0.0, 180.0),
    faults=True,
)
GS232A: Final = Capabilities(
    protocol="gs232a",
    resolution_deg=1.0,
    azimuth_range_deg=(0.0, 450.0),
    elevation_range_deg=(0.0, 180.0),
)
GS232B: Final = Capabilities(
    protocol="gs232b",
    resolution_deg=1.0,
    azimuth_range_deg=(0.0, 450.0),
    elevation_range_deg=(0.0, 180.0),
)
ROTCTLD: Final = Capabilities(
    protocol="rotctld",
    resolution_deg=0.01,
    azimuth_range_deg=(-180.0, 540.0),  # until the server has told its own
    elevation_range_deg=(-90.0, 180.0),
    confirmed=True,
    checked=True,
    tells_range=True,
)
