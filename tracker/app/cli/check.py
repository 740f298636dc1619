"""sunflower check: is the site file right, and what does it describe."""

from tracker.app.cli.border import AsJson, SiteFile, after_the_answer


def check(site: SiteFile, as_json: AsJson = False) -> None:
    """Look for every error in a site file at once; without one, say what it describes."""
    from dataclasses import asdict

    from tracker.app.config import check_site, plant_of
    from tracker.app.field.line_files import with_line_files
    from tracker.app.output import emit
    from tracker.app.site_file.summary import summarise, summary_text
    from tracker.errors import InvalidSite

    found = with_line_files(check_site(site), site)
    document: dict[str, object] = {
        "site_file": str(site),
        "valid": found.plant is not None,
        "problems": [asdict(problem) for problem in found.problems],
        "notes": [asdict(note) for note in found.notes],
        "summary": None,
    }
    try:
        summary = summarise(plant_of(found, str(site)), found.layout)
    except InvalidSite as error:
        if not as_json:
            raise
        emit(document, as_json=True, text="")
        raise after_the_answer(error) from error
    document["summary"] = asdict(summary)
    emit(document, as_json=as_json, text=summary_text(site, summary, found.notes))
