"""sunflower simulate: the site's heads on a serial line, without any hardware."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from tracker.app.cli.border import SiteFile
from tracker.app.cli.exit_codes import Ended
from tracker.app.cli.words import option
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.plant import Plant

TERMINALS: Final = Path("/dev/pts")


Protocol = Annotated[
    str, option("--protocol", says="native, easycomm2, easycomm3, gs232a, gs232b, rotctld or sunspec.")
]
Listen = Annotated[
    str | None,
    option("--listen", metavar="PATH|tcp:PORT", says="Make PATH a link to the line, or serve a port here."),
]
Faults = Annotated[
    str, option("--faults", metavar="SPEC", says="Spoil the line, as flip=1e-4,loss=0.01,seed=7 does.")
]
Device = Annotated[
    str, option("--device", says="python, or one head with real firmware: host, avr (emulated board).")
]
Bridge = Annotated[int, option("--bridge", least=0, says="Which bridge's heads, of a site with several.")]
Head = Annotated[
    str | None,
    option("--head", metavar="NAME", says="This head alone; protocols of one head take the first."),
]
AsJsonLine = Annotated[bool, option("--json", says="Say `ready` as a JSON line.")]


def simulate(
    site_file: SiteFile,
    protocol: Protocol = "native",
    listen: Listen = None,
    faults: Faults = "",
    device: Device = "python",
    bridge: Bridge = 0,
    head: Head = None,
    as_json: AsJsonLine = False,
) -> None:
    """Serve simulated heads in real time on a line for any program, until Ctrl-C (130) or SIGTERM (0).

    Says `ready` and the line on stdout. Programs may hang up and come back; the link goes at the end.
    Heads must be homed first; those of text protocols, which cannot home, stand homed at the stow elevation.
    """
    import signal

    from tracker.app.assemble import axis_limits, simulated_head
    from tracker.app.config import load_site
    from tracker.app.output import emit_line, tell
    from tracker.app.simulation.lines import PYTHON, Wish, one_head_only, served

    _refuse_taken(listen)
    plant = load_site(site_file)
    heads, limits = _heads(plant, bridge, head), axis_limits(plant)
    if one_head_only(protocol) or device != PYTHON:
        others = len(heads) - 1
        heads = dict([next(iter(heads.items()))])
        if others:
            tell(f"{device if device != PYTHON else protocol} is one head: {next(iter(heads))}; see --head")
    signal.signal(signal.SIGTERM, _end)
    wish = Wish(
        site=plant.site.name,
        timezone=plant.site.timezone,
        devices={name: simulated_head(address, limits) for name, address in heads.items()},
        protocol=protocol,
        listen=listen,
        faults=faults,
        device=device,
    )
    with served(wish) as line:
        if as_json:
            emit_line({"event": "ready", "port": line.port, "heads": heads})
        else:
            sys.stdout.write(f"ready {line.port}\n")
            sys.stdout.flush()
        line.go_on()


def _end(_number: int, _frame: object) -> None:
    raise Ended  # told to end, and ended: 0, so that a service manager is content


def _refuse_taken(listen: str | None) -> None:
    if listen is None or listen.startswith("tcp:"):
        return
    path = Path(listen)
    if path.is_symlink():
        if TERMINALS not in path.readlink().parents:
            raise InvalidInput(f"--listen {path}: is a link to {path.readlink()} already; name a free path")
        if path.exists():
            raise InvalidInput(
                f"--listen {path}: leads to {path.readlink()}, which is in use; end that simulator, or "
                "remove the link if none runs"
            )
    elif path.exists():
        raise InvalidInput(f"--listen {path}: is there already and no link of ours; name a free path")


def _heads(plant: "Plant", bridge: int, only: str | None) -> dict[str, int]:
    from tracker.app.assemble import heads_of_bridges

    lines = heads_of_bridges(plant.array, plant.bridges)
    if bridge >= len(lines):
        raise InvalidInput(f"--bridge {bridge}: the site has {len(lines)}, counted from 0; give one of them")
    heads = lines[bridge][1]
    if not heads:
        raise InvalidInput(f"--bridge {bridge}: has no heads; give another one")
    if only is None:
        return heads
    if only not in heads:
        raise InvalidInput(f"--head {only}: is not on this bridge; it has {', '.join(heads)}")
    return {only: heads[only]}
