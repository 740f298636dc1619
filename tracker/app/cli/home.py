"""sunflower home: find the home switches."""

from collections.abc import Mapping
from typing import Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import AcceptSimulatedWind, Heads, Port, ask_or, moved_directly


def home(
    site_file: SiteFile,
    heads: Heads = None,
    port: Port = None,
    accept_simulated_wind: AcceptSimulatedWind = False,
    as_json: AsJson = False,
) -> None:
    """Let heads look for their home switches, in calm wind only. Without a run: wait for it, then flat."""

    def directly() -> Mapping[str, Any]:
        from tracker.app.field.direct_moves import home as home_directly

        return moved_directly(site_file, port, heads, home_directly, accept=accept_simulated_wind)

    ask_or("home", site_file, heads, directly, as_json=as_json)
