"""How soon a line that was pulled is in use again: `sunflower run` on a pty, asked for 2 s by the wall clock.

The line comes back behind its link under another terminal's name, after absences shorter and longer than the
lease of the heads. Read from the journal: from the moment it is plugged in to the first tick that hears every
head, and to the first that has all of them at work. Written to results/replug.json.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from tracker.decision.states import State

RESULTS = Path(__file__).parent / "results" / "replug.json"
LEASE_S, ROUNDS, WITHIN_S = 4.0, 4, 2.0
ABSENCES_S = {"shorter than the lease": 0.7, "longer than the lease": 6.0}
START_S, SETTLE_S = 8.0, 8.0
QUICK = {
    "azimuth_range_deg": [-135.0, 225.0],
    "elevation_range_deg": [80.0, 95.0],
    "elevation_home_deg": 80.0,
    "azimuth_rate_deg_s": 30.0,
    "elevation_rate_deg_s": 30.0,
}
SITE = """
[array]
heads = 2
[mount]
azimuth_range_deg = [-135.0, 225.0]
elevation_range_deg = [80.0, 95.0]
azimuth_rate_deg_s = 30.0
elevation_rate_deg_s = 30.0
[safety]
release_after_s = 0.0
link_lease_s = {lease_s}
[[bridge]]
port = "{port}"
"""
RUN = "from tracker.app.cli.main import run; run()"
TICKS = """SELECT utc, MAX(silent_s), MIN(state IN ({work})) FROM tick JOIN head USING (tick)
           GROUP BY tick ORDER BY tick"""
AT_WORK = (State.TRACKING, State.NIGHT)


def heads(link: Path) -> tuple[subprocess.Popen[str], str]:
    """Simulated heads in real time in a process of their own, and its side channel."""
    process = subprocess.Popen(
        [sys.executable, "-m", "firmware_bridge.simulator"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    devices = [{"address": address, **QUICK} for address in (1, 2)]
    process.stdin.write(json.dumps({"devices": devices, "lockstep": False, "link": str(link)}) + "\n")
    process.stdin.flush()
    return process, json.loads(process.stdout.readline())["side_channel"]


def ask(side: str, **request: bool) -> None:
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(side)
        channel.sendall(json.dumps(request).encode() + b"\n")
        channel.makefile("rb").readline()


def pulled(side: str, away_s: float) -> np.datetime64:
    """Pull it and plug it in again; when it was back."""
    ask(side, unplug=True)
    time.sleep(away_s)
    back_utc = np.datetime64(time.time_ns() // 1_000_000, "ms")
    ask(side, plug=True)
    return back_utc


def record(folder: Path) -> tuple[dict[str, list[np.datetime64]], Path]:
    """A run whose line goes and comes; when it came back, and the run's journal."""
    link, site, journal = folder / "line", folder / "site.toml", folder / "run.journal"
    site.write_text(SITE.format(port=link, lease_s=LEASE_S))
    process, side = heads(link)
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, "run", site, "--accept-simulated-wind", "--journal", journal],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip
    time.sleep(START_S)
    back: dict[str, list[np.datetime64]] = {name: [] for name in ABSENCES_S}
    for turn in range(ROUNDS):
        for name, away_s in ABSENCES_S.items():
            back[name].append(pulled(side, away_s + turn / ROUNDS))  # at another moment of the tick each time
            time.sleep(SETTLE_S)
    run.send_signal(signal.SIGINT)
    run.wait()
    process.communicate()
    return back, journal


def after_s(ticks: list[tuple[np.datetime64, bool]], since_utc: np.datetime64) -> float:
    """From then to the first tick for which it holds."""
    first_utc = next(utc for utc, holds in ticks if utc >= since_utc and holds)
    return float((first_utc - since_utc) / np.timedelta64(1, "s"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sf-") as folder:
        back, journal = record(Path(folder))
        with closing(sqlite3.connect(journal)) as db:
            rows = list(db.execute(TICKS.format(work=", ".join(str(int(state)) for state in AT_WORK))))
    heard = [(np.datetime64(utc[:-1]), silent_s == 0.0) for utc, silent_s, _ in rows]
    working = [
        (np.datetime64(utc[:-1]), silent_s == 0.0 and bool(at_work)) for utc, silent_s, at_work in rows
    ]
    result = {
        name: {
            "heard_after_s": [after_s(heard, at_utc) for at_utc in times],
            "at_work_after_s": [after_s(working, at_utc) for at_utc in times],
        }
        for name, times in back.items()
    }
    for name, measured in result.items():
        for what, seconds in measured.items():
            each = " ".join(f"{value:5.2f}" for value in seconds)
            print(f"{name:24} {what:16} {each}  longest {max(seconds):.2f} s")
    print(f"asked: heard within {WITHIN_S:g} s; after the lease, heads finish their stow, then work")
    RESULTS.write_text(json.dumps({"lease_s": LEASE_S, **result}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
