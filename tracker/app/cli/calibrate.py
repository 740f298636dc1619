"""sunflower calibrate: from sightings to a calibration file that the controller applies."""

from pathlib import Path
from typing import Annotated

from tracker.app.cli.border import AsJson, SiteFile, after_the_answer, files_of, refuse_over_input, wrong_use
from tracker.app.cli.words import argument, option

SightingsFile = Annotated[Path, argument(metavar="SIGHTINGS", says="CSV file of sightings.")]
CalibrationFile = Annotated[Path, argument(metavar="CALIBRATION", says="Calibration file of a fit.")]
OutFile = Annotated[Path, option("--out", says="Where to write the calibration.")]
Terms = Annotated[str | None, option("--terms", says="Terms to fit, as IA,IE,AN,AW; all by default.")]
Epoch = Annotated[str, option("--epoch", says="Names the homing that the calibration belongs to.")]
LimitDeg = Annotated[float, option("--limit", least=0.0, says="Largest median miss that passes, deg.")]


def fit(
    site: SiteFile,
    sightings: SightingsFile,
    out: OutFile = Path("calibration.json"),
    terms: Terms = None,
    epoch: Epoch = "unnamed",
    as_json: AsJson = False,
) -> None:
    """Fit the pointing terms of every head sighted, and write a calibration file."""
    from calibration import ALL_TERMS, Calibration, read_sightings, write_calibration
    from calibration import fit as fit_terms
    from tracker.app.config import load_site
    from tracker.app.output import emit
    from tracker.app.text.calibration import fit_document, fit_text
    from tracker.operations.heads import refuse_strangers

    names = load_site(site).array.names
    refuse_over_input(out, *files_of(site), sightings)
    seen = read_sightings(sightings)
    refuse_strangers(seen.heads, names, str(sightings))
    with wrong_use(str(sightings)):
        result = fit_terms(seen, ALL_TERMS if terms is None else tuple(terms.split(",")))
    write_calibration(out, Calibration.of(result, epoch=epoch))
    document = {"calibration": str(out), **fit_document(result)}
    emit(document, as_json=as_json, text=fit_text(result, out, names))


def verify(
    site: SiteFile,
    calibration: CalibrationFile,
    sightings: SightingsFile,
    limit: LimitDeg = 0.2,
    as_json: AsJson = False,
) -> None:
    """Hold a calibration against sightings, best not those of its fit; exit with 1 if it fails."""
    from calibration import misses_deg, read_calibration, read_sightings
    from tracker.app.config import load_site
    from tracker.app.output import emit
    from tracker.app.text.calibration import verification
    from tracker.errors import CheckFailed
    from tracker.operations.heads import refuse_strangers

    names = load_site(site).array.names
    model = read_calibration(calibration, names).model(names)
    seen = read_sightings(sightings)
    refuse_strangers(seen.heads, names, str(sightings))
    found = verification(misses_deg(model, names, seen), seen, limit)
    emit(found.document, as_json=as_json, text=found.text)
    if found.failed:
        says = f"{calibration}: {', '.join(found.failed)} miss by more than {limit:g} deg; calibrate again"
        raise after_the_answer(CheckFailed(says))


def apply(site: SiteFile, calibration: CalibrationFile, as_json: AsJson = False) -> None:
    """Put a calibration beside the site file, where `sunflower run` takes it from."""
    from calibration import read_calibration, write_calibration
    from tracker.app.config import load_site
    from tracker.app.field.pointing import calibration_path
    from tracker.app.output import emit

    names = load_site(site).array.names
    checked = read_calibration(calibration, names)
    place = calibration_path(site)
    write_calibration(place, checked)
    missing = checked.uncalibrated(names)
    says = f"{place}: applied to {len(names) - len(missing)} of {len(names)} heads"
    rest = f"; as drawn: {', '.join(missing)}" if missing else ""
    emit({"applied": str(place), "as_drawn": missing}, as_json=as_json, text=says + rest)
