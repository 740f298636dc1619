"""What the models of the yield are called wherever somebody chooses one: site file and output."""

from typing import Final, Literal, TypeAlias

SpectralModel: TypeAlias = Literal[
    "none", "de soto, single-crystal silicon", "de soto, polycrystalline silicon"
]
InverterModel: TypeAlias = Literal["pvwatts", "pvwatts v8"]
TemperatureModel: TypeAlias = Literal[
    "noct-sam, 45 C open rack",
    "noct-sam, 45 C open rack above 22 ft",
    "noct-sam, 49 C roof mount",
    "sapm, open rack glass-glass",
    "sapm, open rack glass-polymer",
    "sapm, close roof mount glass-glass",
    "sapm, insulated back glass-polymer",
    "faiman, open rack",
    "faiman, open rack, wind at its height",
    "pvgis, free-standing",
    "pvgis, free-standing, wind at its height",
    "pvsyst, free-standing",
    "pvsyst, semi-integrated",
    "pvsyst, insulated",
]

OPEN_RACK: Final = "noct-sam, 45 C open rack"
NO_SPECTRUM: Final = "none"
PVWATTS: Final = "pvwatts"
PVWATTS_V8: Final = "pvwatts v8"
