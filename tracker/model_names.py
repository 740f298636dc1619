"""What the models of the yield are called wherever somebody chooses one: site file and output."""

from typing import Final, Literal, TypeAlias

SpectralModel: TypeAlias = Literal[
    "none", "de soto, single-crystal silicon", "de soto, polycrystalline silicon"
]
InverterModel: TypeAlias = Literal["pvwatts", "pvwatts v8"]

NO_SPECTRUM: Final = "none"
PVWATTS: Final = "pvwatts"
PVWATTS_V8: Final = "pvwatts v8"
