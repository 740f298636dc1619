"""What the commands share by which people move heads: through the run of the site, or on its ports."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

from tracker.app.cli.border import after_the_answer
from tracker.app.cli.exit_codes import EXIT_CODES, Ended
from tracker.app.cli.words import option
from tracker.app.output import emit, tell
from tracker.control.control_socket import ask, socket_path
from tracker.errors import DeviceUnavailable, InvalidInput, RefusedForSafety, TrackerError

if TYPE_CHECKING:
    from tracker.app.field.direct_moves import Direct

Heads: TypeAlias = Annotated[
    list[str] | None,
    option("--head", metavar="NAME", says="A head's name; may be repeated. Default: all heads."),
]
Port: TypeAlias = Annotated[
    str | None, option("--port", metavar="URL", says="Use this port instead of the site file's.")
]
AcceptSimulatedWind: TypeAlias = Annotated[
    bool,
    option(
        "--accept-simulated-wind", says="Move heads on a real port while wind.source is sim:, at your risk."
    ),
]
Document: TypeAlias = Mapping[str, Any]
KINDS: Final[Mapping[str, type[TrackerError]]] = {
    "refused": RefusedForSafety,
    "usage": InvalidInput,
    "device": DeviceUnavailable,
}


def ask_or(
    verb: str,
    site_file: Path,
    heads: Sequence[str] | None,
    directly: Callable[[], Document],
    *,
    as_json: bool,
    angles_deg: Mapping[str, float] | None = None,
) -> None:
    """Put a verb to the site's run, or do it `directly` where none listens; show how the heads are.

    Raises what the run answers, and DeviceUnavailable when a head asked for has not confirmed.
    """
    wanted = list(heads or ())
    answer = ask(socket_path(site_file), {"verb": verb, "heads": wanted, **(angles_deg or {})})
    if answer is not None and "error" in answer:
        kind = KINDS.get(answer["error"]["kind"], DeviceUnavailable)
        raise kind(answer["error"]["message"])
    document = directly() if answer is None else {"through": "run", **answer}
    heads_asked = [head for head in document["heads"] if not wanted or head["name"] in wanted]
    trouble = None if verb == "status" else _trouble(verb, heads_asked)
    emit(document, as_json=as_json, text=table(document, heads_asked))
    if trouble is not None:  # what each head says is in the document
        raise after_the_answer(trouble)


def moved_directly(
    site_file: Path,
    port: str | None,
    heads: Sequence[str] | None,
    move: "Callable[[Direct], int | None]",
    *,
    accept: bool,
) -> Document:
    """Move heads on their ports; how they are then. Ends the command with 130 when Ctrl-C ended the move."""
    import signal

    from tracker.app.config import load_site
    from tracker.app.field.direct import document_of, tell_each
    from tracker.app.field.direct_moves import Direct

    tell_no_run(site_file)
    plant, named = load_site(site_file), tuple(heads or ())
    direct = Direct(plant=plant, site_file=site_file, port=port, heads=named, accept_simulated_wind=accept)
    if move(direct) == signal.SIGINT:
        raise Ended(EXIT_CODES["builtins.KeyboardInterrupt"])
    return document_of(plant, tell_each(plant, port, named, lambda head: head.status()))


def table(document: Document, heads: Sequence[Document]) -> str:
    """How some heads are, for people."""
    lines = [_sky(document)] if "sun" in document else []
    width = max([len(head["name"]) for head in heads], default=0)
    return "\n".join([*lines, *(f"{head['name']:<{width}}  {_head(head)}" for head in heads)])


def tell_no_run(site_file: Path) -> None:
    """Say that no run listens, so that the ports are opened here."""
    tell(f"no run of {site_file} listens: opening its ports")


def _trouble(verb: str, heads: Sequence[Document]) -> TrackerError | None:
    silent = [f"{head['name']} {head.get('says') or ''}".strip() for head in heads if head["silent_s"] != 0]
    if silent:
        return DeviceUnavailable(
            f"{verb} is not confirmed by all; look at their power and cables, and at the heads themselves\n  "
            + "\n  ".join(silent)
        )
    refused = [f"{head['name']}: {head['says']}" for head in heads if head.get("says")]
    if refused:
        return RefusedForSafety(f"{verb} is refused by\n  " + "\n  ".join(refused))
    return None


def _sky(document: Document) -> str:
    sun, wind = document["sun"], document["wind"]
    gust = "no wind reading" if wind["gust_m_s"] is None else f"gust {wind['gust_m_s']:.1f} m/s"
    if wind.get("contact"):
        gust = f"wind contact: {wind['contact']}"
    ghi_w_m2 = document.get("irradiance", {}).get("ghi_w_m2")
    light = "" if ghi_w_m2 is None else f"  light {ghi_w_m2:.0f} W/m2"
    return (
        f"{document['site']}  {document['utc']}  sun at azimuth {sun['azimuth_deg']:.1f}, "
        f"elevation {sun['apparent_elevation_deg']:.1f} deg  {gust}{light}"
    )


def _head(head: Document) -> str:
    known = (
        head["trusted"] or not head["moving"]
    )  # what a head counts while it looks for its switches is no angle
    azimuth, elevation = (_angle(head[f"{axis}_deg"] if known else None) for axis in ("azimuth", "elevation"))
    silent = head["silent_s"] != 0
    remarks = [
        "" if not head["moving"] else "moving when last heard" if silent else "moving",
        "NOT SAFE TO TOUCH YET" if head["state"].startswith("LOCK") and (head["moving"] or silent) else "",
        "settled" if head.get("settled") else "",
        _leaning(head["leaning"]) if head.get("leaning") else "",
        "" if head["trusted"] else "position unknown",
        _fault(head["fault"]) if head["fault"] else "",
        "feels wind" if head.get("wind_contact") else "",
        _folded() if head.get("folded") else "",
        "silent" if head["silent_s"] is None else "",
        f"silent for {head['silent_s']:.0f} s" if head["silent_s"] else "",
    ]
    return f"{head['state']:<10} azimuth {azimuth}  elevation {elevation} deg  " + ", ".join(
        remark for remark in remarks if remark
    )


def _fault(code: int) -> str:
    from firmware_bridge.mount import fault_words

    return f"fault {code}: {fault_words(code)}"


def _folded() -> str:
    from tracker.operations.words import FOLDED

    return FOLDED


def _leaning(share: float) -> str:
    return f"leans {100.0 * share:.0f} % of the way from the sun to the zenith for diffuse light"


def _angle(angle_deg: float | None) -> str:
    return "      ?" if angle_deg is None else f"{angle_deg:7.2f}"
