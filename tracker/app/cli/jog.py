"""sunflower jog: move heads by hand."""

from collections.abc import Mapping
from typing import Annotated, Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import AcceptSimulatedWind, Heads, Port, ask_or, moved_directly
from tracker.app.cli.words import option


def jog(
    site_file: SiteFile,
    azimuth_deg: Annotated[
        float, option("--azimuth", metavar="DEG", says="On the axis, unwrapped: 370 is not 10.")
    ],
    elevation_deg: Annotated[float, option("--elevation", metavar="DEG", says="On the axis; 90 is flat.")],
    heads: Heads = None,
    port: Port = None,
    accept_simulated_wind: AcceptSimulatedWind = False,
    as_json: AsJson = False,
) -> None:
    """Move heads to axis angles, in calm wind only. A run holds them until release; without one, Ctrl-C."""

    def directly() -> Mapping[str, Any]:
        from tracker.app.field.direct_moves import jog as jog_directly

        return moved_directly(
            site_file,
            port,
            heads,
            lambda direct: jog_directly(direct, azimuth_deg, elevation_deg),
            accept=accept_simulated_wind,
        )

    angles_deg = {"azimuth_deg": azimuth_deg, "elevation_deg": elevation_deg}
    ask_or("jog", site_file, heads, directly, as_json=as_json, angles_deg=angles_deg)
