"""sunflower lock: nobody's hands are in a moving machine."""

from collections.abc import Mapping
from typing import Annotated, Any

from tracker.app.cli.border import AsJson, SiteFile
from tracker.app.cli.people import Heads, Port, ask_or, moved_directly, tell_no_run
from tracker.app.cli.words import option
from tracker.app.output import tell


def lock(
    site_file: SiteFile,
    heads: Heads = None,
    off: Annotated[
        bool, option("--off", says="Unlock: the drive is switched on, and the head stays stopped.")
    ] = False,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Stow heads and switch their drives off for work on them. Those that cannot stow are off at once."""

    def locked() -> Mapping[str, Any]:
        from tracker.app.field.direct_moves import lock as lock_directly

        return moved_directly(site_file, port, heads, lock_directly, accept=True)  # it moves for any wind

    def unlocked() -> Mapping[str, Any]:
        from tracker.app.config import load_site
        from tracker.app.field.direct import document_of, tell_each, unlock

        tell_no_run(site_file)
        plant = load_site(site_file)
        return document_of(plant, tell_each(plant, port, heads or (), unlock))

    verb, directly = ("unlock", unlocked) if off else ("lock", locked)
    ask_or(verb, site_file, heads, directly, as_json=as_json)
    if off:
        tell(f"unlocked, and still stopped: `sunflower release {site_file}` when nobody is at them")
