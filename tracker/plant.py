"""What stands on site, as frozen values: borders validate, everyone inside trusts.

The numbers' bounds live beside the fields of the site-file schema (`tracker.app.config`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tracker.units import BoolArray, FloatArray, wrap_360

LOWEST_DEG, HIGHEST_DEG = -10.0, 90.0  # a mountain top looks down on its horizon, by 3 deg from 9 km
FULL_TURN_DEG: Final = 360.0
NO_SOURCE: Final = "none"
ALL_MOUNTINGS: Final = "all"  # a claim over every mounting compared

Decomposition: TypeAlias = Literal["erbs", "dirint", "engerer2"]
DiffuseStrategy: TypeAlias = Literal["off", "lean"]
IntervalLabel: TypeAlias = Literal["auto", "start", "centre", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place on Earth. Latitude north and longitude east positive; timezone is an IANA name."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    timezone: str
    albedo: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizon:
    """The skyline: elevations at N azimuths, ascending in [0, 360); straight lines in between, all around.

    Raises ValueError for azimuths that do not ascend and elevations outside -10 to 90 deg.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray

    def __post_init__(self) -> None:
        azimuth, elevation = self.azimuth_deg, self.elevation_deg
        if azimuth.ndim != 1 or azimuth.shape != elevation.shape or not azimuth.size:
            raise ValueError("a horizon needs one elevation for each azimuth, and at least one of them")
        if not (azimuth[0] >= 0.0 and azimuth[-1] < FULL_TURN_DEG and np.all(np.diff(azimuth) > 0.0)):
            raise ValueError("azimuths of a horizon must ascend in [0, 360); sort them, each one once")
        if not np.all((elevation >= LOWEST_DEG) & (elevation <= HIGHEST_DEG)):
            raise ValueError(f"elevations of a horizon must be {LOWEST_DEG:g} to {HIGHEST_DEG:g} deg")

    def elevation_at_deg(self, azimuth_deg: ArrayLike) -> FloatArray:
        """The skyline's elevation at azimuths of any shape and turn."""
        around = np.append(self.azimuth_deg, self.azimuth_deg[0] + FULL_TURN_DEG)
        heights = np.append(self.elevation_deg, self.elevation_deg[0])
        azimuth = np.asarray(azimuth_deg, dtype=np.float64)
        ahead = wrap_360(azimuth - around[0]) + around[0]  # on the turn that starts at the first azimuth
        return np.asarray(np.interp(ahead, around, heights))

    def hides(self, azimuth_deg: ArrayLike, apparent_elevation_deg: ArrayLike) -> BoolArray:
        """Whether a direction lies below the skyline; inputs broadcast. NaN is not hidden."""
        skyline_deg = self.elevation_at_deg(azimuth_deg)
        return np.asarray(np.asarray(apparent_elevation_deg, dtype=np.float64) < skyline_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A flat disk of petals on its mount; area_m2 is that of all petals together.

    panel_offset_m leads from the pivot, where both axes meet, to the disk's centre, in the head's frame
    (z along the panel's normal): (0, 0, 0.15) is a disk 15 cm before its axes.
    """

    petals: int
    area_m2: float
    pivot_height_m: float
    foldable: bool
    panel_offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Obstacle:
    """Something near that throws shadows: flat faces, each (corners, 3) east-north-up of the origin."""

    name: str
    faces_enu_m: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Travel and rate of the two axes. Azimuth is unwrapped, so its range may exceed a turn (cables)."""

    azimuth_range_deg: tuple[float, float]
    elevation_range_deg: tuple[float, float]
    azimuth_rate_deg_s: float
    elevation_rate_deg_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A two-axis drive. drive_power_w per moving axis, standby_power_w always; both per head.

    A tracking head is sent on when an axis of its target is off by more than dead_band_deg.
    """

    limits: Limits
    drive_power_w: float
    standby_power_w: float
    dead_band_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The photovoltaic part of one head; gamma is the power's relative temperature coefficient.

    strings are the numbers of the petals (from 1, clockwise seen from the front) in series on each maximum
    power point; none means all petals in one string. module and inverter are names of the CEC tables; without
    them rated values count. bifaciality is the back's efficiency over the front's. soiling and snow take a
    share of the light each month, January first; none means that they are not modelled. The models are names
    of `tracker.model_names`; empty leaves them to whoever computes the yield.
    """

    dc_capacity_w: float
    gamma_per_c: float
    dc_ac_ratio: float
    inverter_efficiency: float
    system_losses_percent: float
    strings: tuple[tuple[int, ...], ...] = ()
    bypass_per_petal: int = 1
    cells_per_petal: int = 40
    module: str = ""
    inverter: str = ""
    bifaciality: float = 0.0
    soiling_percent: tuple[float, ...] = ()
    snow_percent: tuple[float, ...] = ()
    temperature_model: str = ""
    head_temperature_model: str = ""
    spectral_model: str = ""
    inverter_model: str = ""

    @property
    def gets_dirty(self) -> bool:
        """Whether dirt or snow on the glass are modelled."""
        return bool(self.soiling_percent or self.snow_percent)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Array:
    """H like heads on the ground: names (H), feet east-north-up of the origin (H, 3), what stands near."""

    names: tuple[str, ...]
    positions_enu_m: FloatArray
    head: Head
    mount: Mount
    panels: Panels
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def size(self) -> int:
        """How many heads stand in the array."""
        return len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """When to stow and when to let go again; gusts are those at the wind sensor's height."""

    stow_gust_m_s: float
    release_gust_m_s: float
    release_after_s: float
    wind_stale_after_s: float
    link_lease_s: float
    gust_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """One port with its protocol; heads maps head names to device addresses (empty: in order from 1).

    baud is the speed of a serial line; None is the one that the protocol is usually run at.
    """

    port: str
    protocol: str
    baud: int | None = None
    heads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind:
    """Where gusts come from and how high above the ground they are measured.

    The weather's wind is that at weather_height_m; the power law with shear_exponent leads from one height to
    the other (Justus and Mikhail 1976; a seventh over open ground in neutral air).
    """

    source: str
    height_m: float
    weather_height_m: float = 10.0  # of surface wind by the convention of the WMO
    shear_exponent: float = 0.143


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPlan:
    """Which mountings to compare, and the claim to test: claim_percent over the mounting claim_over.

    Driven heads point by pointing_error_deg (root mean square) beside where they should, and their drives
    work availability_percent of the time.
    """

    mountings: tuple[str, ...]
    ground_cover_ratio: float
    single_axis_backtrack: bool
    claim_percent: float
    claim_over: str  # a mounting, or ALL_MOUNTINGS
    pointing_error_deg: float = 0.0
    availability_percent: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carbon:
    """The emission factor of the grid that the energy displaces, with its origin; None is unstated.

    Where both margins are given they make the factor, build margin weighted so and operating the rest.
    """

    factor_kg_per_kwh: float
    factor_source: str
    factor_year: int | None = None
    factor_region: str | None = None
    factor_scope: str | None = None
    factor_kind: str | None = None
    operating_margin_kg_per_kwh: float | None = None
    build_margin_kg_per_kwh: float | None = None
    build_margin_weight: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """What a kWh brings and for how long; upkeep is what tracking costs more a year, per kWp."""

    energy_price_per_kwh: float
    currency: str
    lifetime_years: float
    discount_rate_percent: float
    extra_upkeep_per_kwp_year: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plant:
    """Everything the site file says; without a horizon the skyline is flat."""

    site: Site
    array: Array
    bridges: tuple[Bridge, ...]
    wind: Wind
    safety: Safety
    weather_source: str
    comparison: ComparisonPlan
    carbon: Carbon
    horizon: Horizon | None = None
    decomposition: Decomposition = "erbs"  # of global light, where the weather lacks beam and diffuse
    interval_label: IntervalLabel = "auto"  # where in its interval a stamp of the weather lies
    economics: Economics | None = None  # nobody stated a price
    diffuse: DiffuseStrategy = "off"  # lean: from the sun toward the zenith, under clouds
    irradiance_source: str = NO_SOURCE  # of the light on level ground, in the field

    @property
    def light_source(self) -> str:
        """The irradiance source where heads lean for its light; none where they always face the sun."""
        return NO_SOURCE if self.diffuse == "off" else self.irradiance_source
