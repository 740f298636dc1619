"""sunflower status: how the heads of a site are."""

from collections.abc import Mapping
from typing import Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import Heads, Port, ask_or, tell_no_run


def status(site_file: SiteFile, heads: Heads = None, port: Port = None, as_json: AsJson = False) -> None:
    """Show how every head is: from the site's run, or where none listens, from the heads."""

    def directly() -> Mapping[str, Any]:
        from tracker.app.config import load_site
        from tracker.app.field.direct import document_of, tell_each

        tell_no_run(site_file)
        plant = load_site(site_file)
        return document_of(plant, tell_each(plant, port, heads or (), lambda head: head.status()))

    ask_or("status", site_file, heads, directly, as_json=as_json)
