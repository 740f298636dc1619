"""sunflower simulate: the site's heads on a serial line, without any hardware."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tracker.app.cli.border import SiteFile
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.plant import Plant

TERMINALS: Final = Path("/dev/pts")


def simulate(
    site_file: SiteFile,
    protocol: Annotated[str, typer.Option("--protocol", help="What the heads speak: native.")] = "native",
    listen: Annotated[
        str | None,
        typer.Option("--listen", metavar="PATH", help="Make PATH a link to the line; else see what is said."),
    ] = None,
    bridge: Annotated[
        int, typer.Option("--bridge", min=0, help="Which bridge's heads, of a site with several.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Say `ready` as a JSON line.")] = False,
) -> None:
    """Serve simulated heads in real time on a line for any program, until Ctrl-C (130) or SIGTERM (0).

    Says `ready` and the line on stdout. Programs may hang up and come back; the link goes at the end.
    """
    import signal
    import time

    from firmware_bridge.simulator.config import SimulatorConfig
    from firmware_bridge.simulator.serve import LineServer
    from tracker.app.assemble import axis_limits, simulated_head
    from tracker.app.config import load_site
    from tracker.app.output import emit_line

    _refuse_unsupported(protocol, listen)
    plant = load_site(site_file)
    heads, limits = _heads(plant, bridge), axis_limits(plant)
    devices = tuple(simulated_head(address, limits) for address in heads.values())
    signal.signal(signal.SIGTERM, _end)
    config = SimulatorConfig(devices=devices, lockstep=False, link=listen)
    with LineServer(config, time.monotonic) as server:
        if as_json:
            emit_line({"event": "ready", "port": server.port, "heads": heads})
        else:
            sys.stdout.write(f"ready {server.port}\n")
            sys.stdout.flush()
        server.serve()


def _end(_number: int, _frame: object) -> None:
    raise typer.Exit  # told to end, and ended: 0, so that a service manager is content


def _refuse_unsupported(protocol: str, listen: str | None) -> None:
    if protocol != "native":
        raise InvalidInput(f"--protocol {protocol}: not supported yet; use native")
    if listen is not None and listen.startswith("tcp:"):
        raise InvalidInput(f"--listen {listen}: TCP is not supported yet; use a path, which becomes a link")
    if listen is None:
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


def _heads(plant: "Plant", bridge: int) -> dict[str, int]:
    from tracker.app.assemble import heads_of_bridges

    lines = heads_of_bridges(plant.array, plant.bridges)
    if bridge >= len(lines):
        raise InvalidInput(f"--bridge {bridge}: the site has {len(lines)}, counted from 0; give one of them")
    heads = lines[bridge][1]
    if not heads:
        raise InvalidInput(f"--bridge {bridge}: has no heads; give another one")
    return heads
