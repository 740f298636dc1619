"""sunflower run: drive a site until told to leave."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tracker.app.cli.border import SiteFile
from tracker.app.cli.exit_codes import EXIT_CODES, Ended
from tracker.app.cli.people import AcceptSimulatedWind, Port
from tracker.app.cli.words import option

if TYPE_CHECKING:
    from tracker.app.field.run import Opened, SiteRun


JournalFile = Annotated[
    Path | None, option("--journal", metavar="FILE", says="Record every tick in a new SQLite file.")
]
CalibrationFile = Annotated[
    Path | None,
    option("--calibration", metavar="FILE", says="Default: SITE's .calibration.json beside it."),
]
Seconds = Annotated[
    float | None, option("--for", metavar="SECONDS", least=0.0, says="Leave after this time.")
]
Serve = Annotated[
    list[str] | None,
    option(
        "--serve",
        metavar="WHAT",
        says="Let others look and lead, without a password: rotctld:[HOST:]PORT[=HEAD] shows one head, "
        "sunspec:[HOST:]PORT all of them. Without HOST to this machine only. May be repeated.",
    ),
]
ScadaLeaseS = Annotated[
    float,
    option(
        "--scada-lease",
        metavar="SECONDS",
        least=1.0,
        most=6500.0,
        says="So long may SCADA be silent before the heads that it moves go back to automatic operation.",
    ),
]
AsJsonLines = Annotated[
    bool, option("--json", says="Give JSON Lines on stdout: started, each change, ended.")
]


def run(
    site_file: SiteFile,
    port: Port = None,
    journal: JournalFile = None,
    calibration: CalibrationFile = None,
    seconds: Seconds = None,
    serve: Serve = None,
    scada_lease_s: ScadaLeaseS = 60.0,
    accept_simulated_wind: AcceptSimulatedWind = False,
    as_json: AsJsonLines = False,
) -> None:
    """Track the sun with every head, stow in wind, and answer status, stop, stow, release, home, jog, lock.

    Ctrl-C leaves (130), as do SIGTERM and the end of --for (0); then it says what heads do that nobody leads.
    """
    import signal

    from tracker.app.config import load_site
    from tracker.app.field.pointing import site_pointing
    from tracker.app.field.run import SiteRun, refuse_simulated_wind, run_site
    from tracker.app.field.run_talk import RunTalk, sky_summary
    from tracker.app.field.serving import services_from

    plant = load_site(site_file)
    refuse_simulated_wind(plant, port, accepted=accept_simulated_wind)
    pointing, origin = site_pointing(site_file, plant.array.names, calibration)
    talk = RunTalk(
        heads=plant.array.names, timezone=plant.site.timezone, as_json=as_json, summary=sky_summary
    )
    asked = SiteRun(
        site_file=site_file,
        plant=plant,
        pointing=pointing,
        port=port,
        journal=journal,
        seconds=seconds,
        serve=services_from(serve or (), plant.array.names),
        scada_lease_s=scada_lease_s,
    )
    left = run_site(asked, opened=lambda opened: talk.say(*_started(asked, origin, opened)), seen=talk.seen)
    reason = "the time is over" if left.signal is None else signal.Signals(left.signal).name
    talk.say(
        f"{plant.site.name}: run ended ({reason}); nobody leads its heads now\n{left.heads_do}",
        {"event": "ended", "reason": reason},
    )
    if left.signal == signal.SIGINT:
        raise Ended(EXIT_CODES["builtins.KeyboardInterrupt"])


def _started(asked: "SiteRun", origin: str, opened: "Opened") -> tuple[str, dict[str, object]]:
    from tracker.plant import NO_SOURCE

    plant = asked.plant
    ports = [asked.port] if asked.port else [bridge.port for bridge in plant.bridges]
    journal = str(asked.journal) if asked.journal else "none; --journal FILE keeps a record"
    light = "" if plant.light_source == NO_SOURCE else f"; light from {plant.light_source}"
    says = (
        f"{plant.site.name}: {plant.array.size} heads on {', '.join(ports)}; wind from {plant.wind.source}"
        f"{light}\n"
        f"{origin}\njournal: {journal}"
    )
    more = [*(service.says for service in opened.services), *map(str, opened.concerns)]
    document: dict[str, object] = {
        "event": "started",
        "site": plant.site.name,
        "heads": plant.array.names,
        "ports": ports,
        "wind": plant.wind.source,
        "irradiance": plant.light_source,
        "calibration": origin,
        "journal": asked.journal,
        "serving": [asdict(service) for service in opened.services],
        "concerns": [asdict(concern) for concern in opened.concerns],
    }
    return "\n".join([says, *more]), document
