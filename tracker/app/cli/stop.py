"""sunflower stop: stand still, now."""

from collections.abc import Mapping
from typing import Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import Heads, Port, ask_or, tell_no_run


def stop(site_file: SiteFile, heads: Heads = None, port: Port = None, as_json: AsJson = False) -> None:
    """Stop heads now, and hold them until release, in any wind. Asks nothing; takes a broken SITE too."""

    def directly() -> Mapping[str, Any]:
        tell_no_run(site_file)
        if not heads:
            _stop_lines(site_file, port)
        from tracker.app.config import load_site
        from tracker.app.field.direct import document_of, tell_each

        plant = load_site(site_file)
        return document_of(plant, tell_each(plant, port, heads or (), lambda head: head.stop()))

    ask_or("stop", site_file, heads, directly, as_json=as_json)


def _stop_lines(site_file: SiteFile, port: Port) -> None:
    from tracker.app.field.direct_stop import stop_lines
    from tracker.app.output import tell

    told, failed = stop_lines(site_file, port)
    for url in told:
        tell(f"stop sent to every head on {url}")
    for error in failed:
        tell(f"stop not sent: {error}")
