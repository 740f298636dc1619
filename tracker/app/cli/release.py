"""sunflower release: let go of a stop, a stow or a jog."""

from collections.abc import Mapping
from typing import Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import Heads, Port, ask_or, tell_no_run


def release(site_file: SiteFile, heads: Heads = None, port: Port = None, as_json: AsJson = False) -> None:
    """Let go of stopped, stowed or jogged heads: a run leads them again; without one they go flat."""

    def directly() -> Mapping[str, Any]:
        from tracker.app.config import load_site
        from tracker.app.field.direct import document_of, let_go, tell_each

        tell_no_run(site_file)
        plant = load_site(site_file)
        return document_of(plant, tell_each(plant, port, heads or (), let_go, goes=True))

    ask_or("release", site_file, heads, directly, as_json=as_json)
