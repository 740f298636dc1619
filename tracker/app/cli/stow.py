"""sunflower stow: heads flat, whatever the wind."""

from collections.abc import Mapping
from typing import Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import Heads, Port, ask_or, tell_no_run


def stow(site_file: SiteFile, heads: Heads = None, port: Port = None, as_json: AsJson = False) -> None:
    """Send heads flat now; a run keeps them there until release. Stopped and locked heads stay."""

    def directly() -> Mapping[str, Any]:
        from tracker.app.config import load_site
        from tracker.app.field.direct import document_of, stow, tell_each

        tell_no_run(site_file)
        plant = load_site(site_file)
        return document_of(plant, tell_each(plant, port, heads or (), stow, goes=True))

    ask_or("stow", site_file, heads, directly, as_json=as_json)
