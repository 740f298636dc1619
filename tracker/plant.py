"""What stands on site, as frozen values: borders validate, everyone inside trusts.

The numbers' bounds live beside the fields of the site-file schema (`tracker.app.config`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place on Earth. Latitude north and longitude east positive; timezone is an IANA name."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    timezone: str
    albedo: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A flat disk of petals on its mount; area_m2 is that of all petals together."""

    petals: int
    area_m2: float
    pivot_height_m: float
    foldable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Travel and rate of the two axes. Azimuth is unwrapped, so its range may exceed a turn (cables)."""

    azimuth_range_deg: tuple[float, float]
    elevation_range_deg: tuple[float, float]
    azimuth_rate_deg_s: float
    elevation_rate_deg_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A two-axis drive. drive_power_w per moving axis, standby_power_w always; both per head."""

    limits: Limits
    drive_power_w: float
    standby_power_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The photovoltaic part of one head; gamma is the power's relative temperature coefficient."""

    dc_capacity_w: float
    gamma_per_c: float
    dc_ac_ratio: float
    inverter_efficiency: float
    system_losses_percent: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Array:
    """H like heads on the ground: names (H), feet east-north-up of the origin (H, 3)."""

    names: tuple[str, ...]
    positions_enu_m: FloatArray
    head: Head
    mount: Mount
    panels: Panels

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
    """One port with its protocol; heads maps head names to device addresses (empty: in order from 1)."""

    port: str
    protocol: str
    heads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind:
    """Where gusts come from and how high above the ground they are measured."""

    source: str
    height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPlan:
    """Which mountings to compare, and the claim to test: claim_percent over the mounting claim_over."""

    mountings: tuple[str, ...]
    ground_cover_ratio: float
    single_axis_backtrack: bool
    claim_percent: float
    claim_over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carbon:
    """The emission factor of the grid that the energy displaces, with its origin."""

    factor_kg_per_kwh: float
    factor_source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plant:
    """Everything the site file says."""

    site: Site
    array: Array
    bridges: tuple[Bridge, ...]
    wind: Wind
    safety: Safety
    weather_source: str
    comparison: ComparisonPlan
    carbon: Carbon
