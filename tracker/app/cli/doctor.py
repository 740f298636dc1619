"""sunflower doctor: is everything as it should be before a site is left alone."""

from tracker.app.cli.border import AsJson, SiteFile, after_the_answer


def doctor(site_file: SiteFile, as_json: AsJson = False) -> None:
    """Look at ports, heads, protocols, wind, clock and disk, and say what to do. Nothing moves.

    Ends with 1 when something is in trouble.
    """
    from dataclasses import asdict

    from tracker.app.config import load_site
    from tracker.app.field.doctor import Level, Patient, examine
    from tracker.app.output import emit
    from tracker.errors import CheckFailed

    patient = Patient(plant=load_site(site_file), site_file=site_file)
    found = list(examine(patient))
    text = "\n".join(
        f"{one.level.value:<9}  {one.subject}: {one.says}{f'; {one.next_action}' if one.next_action else ''}"
        for one in found
    )
    emit(
        {"site_file": str(site_file), "findings": [asdict(one) for one in found]}, as_json=as_json, text=text
    )
    troubles = sum(one.level is Level.TROUBLE for one in found)
    if troubles:
        failed = CheckFailed(f"{troubles} of {len(found)} findings are trouble; see above what to do")
        raise after_the_answer(failed)
