"""Maps to start from: plausible shapes with made-up addresses, which a user replaces by those of a manual.

They are no maker's. The simulated instruments answer with them.
"""

from dataclasses import replace
from typing import Final

from firmware_bridge.instruments.definition import Channel, Instrument, Kind

REST_S: Final = 6.0 * 3600.0  # chosen: calm that lasts longer than a night's is an iced or broken rotor
FROZEN_S: Final = 600.0  # chosen: ten minutes of wind never repeat a tenth of a metre a second


def anemometer(name: str = "anemometer", unit: int = 1) -> Instrument:
    """Wind in tenths of m/s; the gust comes from our own samples."""
    wind = Channel(
        address=0,
        type="uint16",
        scale=0.1,
        low=0.0,
        high=75.0,  # beyond any cup anemometer's range
        missing=(0xFFFF,),
        frozen_after_s=FROZEN_S,
        frozen_while="always",
        rests_at=0.0,
        rest_after_s=REST_S,
    )
    return Instrument(
        name=name, kind=Kind.ANEMOMETER, unit=unit, stale_after_s=5.0, channels={"wind_m_s": wind}
    )


def sun_sensor(name: str = "sun sensor", unit: int = 2) -> Instrument:
    """Two angles in thousandths of a degree, and how strong the sun is from 0 to 1."""
    angle = Channel(address=0, type="int32", scale=0.001, low=-60.0, high=60.0, frozen_after_s=FROZEN_S)
    return Instrument(
        name=name,
        kind=Kind.SUN_SENSOR,
        unit=unit,
        channels={
            "angle_x_deg": angle,
            "angle_y_deg": replace(angle, address=2),
            "intensity": Channel(address=4, type="uint16", scale=0.001, low=0.0, high=2.0),
        },
    )


def inclinometer(name: str = "inclinometer", unit: int = 3) -> Instrument:
    """Two tilts in hundredths of a degree; it stands still as long as the head does."""
    tilt = Channel(address=0, type="int16", scale=0.01, low=-100.0, high=100.0, frozen_after_s=FROZEN_S)
    return Instrument(
        name=name,
        kind=Kind.INCLINOMETER,
        unit=unit,
        channels={"tilt_x_deg": tilt, "tilt_y_deg": replace(tilt, address=1)},
    )


def irradiance(name: str = "irradiance", unit: int = 4) -> Instrument:
    """A reference cell: tenths of W/m2, uncompensated, and its temperature in tenths of a degree."""
    return Instrument(
        name=name,
        kind=Kind.IRRADIANCE,
        unit=unit,
        per_c=0.0005,  # of a silicon cell's short-circuit current: 0.05 % a degree
        channels={
            "irradiance_w_m2": Channel(
                address=0,
                type="uint16",
                scale=0.1,
                low=0.0,
                high=2000.0,
                frozen_after_s=FROZEN_S,
                rests_at=0.0,
            ),
            "temperature_c": Channel(address=1, type="int16", scale=0.1, low=-40.0, high=100.0),
        },
    )


GENERIC: Final = (anemometer(), sun_sensor(), inclinometer(), irradiance())
"""One of each, with four unit ids."""
