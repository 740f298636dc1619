"""What SunSpec controllers can do: model 601 alone, and with our block."""

from dataclasses import replace
from typing import Final

from firmware_bridge.dialects.capabilities import Capabilities

MODEL_601: Final = Capabilities(
    protocol="sunspec",
    resolution_deg=0.1,  # most scale to tenths or finer; each says its own
    azimuth_range_deg=(0.0, 360.0),
    elevation_range_deg=(-90.0, 90.0),
    heads_on_a_port=247,
    confirmed=True,
    checked=True,
    home=True,
    faults=True,
)
WITH_OUR_BLOCK: Final = replace(
    MODEL_601,
    resolution_deg=0.001,
    elevation_range_deg=(0.0, 90.0),
    lease=True,
    stow=True,
    trusted_position=True,
    stores_limits=True,
)
NO_STOP: Final = "no stop: it is told to go to where it is seen, and coasts as long as its drive takes"
