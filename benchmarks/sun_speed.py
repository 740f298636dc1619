"""The sun against its peers, side by side in one run: pvlib's SPA (numpy and numba) and sg2 (C).

Run: python benchmarks/sun_speed.py. Prints the CPU's features, asked and measured; writes
benchmarks/results/sun_speed.json. Single thread each. Contenders take turns, round by round, and medians are
compared, so that a busy machine slows all of them alike. pvlib's numba form lives in a process of its own,
because pvlib reloads its module in place for it.
"""

import json
import subprocess
import sys
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pvlib
import sg2

from tracker.sun import Places, Sun
from tracker.sun.nodes import day_of, day_rows

ROOT = Path(__file__).resolve().parents[1]
LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M = 22.6097, 114.0296, 80.0
POINT = np.array([[LONGITUDE_DEG, LATITUDE_DEG, ALTITUDE_M]])
FIELDS = ["topoc.gamma_S0", "topoc.alpha_S"]
MINUTES = np.datetime64("2025-01-01", "us") + np.arange(525_600) * np.timedelta64(60, "s")
ROUNDS, CALLS = 7, 2000
FEATURES = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512dq", "avx512vl")
MEMORY = """
import sys, numpy as np
from pathlib import Path
from tracker.sun import Places, Sun
sun = Sun(Places(latitude_deg=22.6, longitude_deg=114.0), how=sys.argv[1])
sun.angles(np.arange(5000).astype("datetime64[s]"))
utc = np.datetime64("2025-01-01", "us") + np.arange(10_000_000) * np.timedelta64(1, "s")
if sys.argv[2] == "shuffled":
    np.random.default_rng(1).shuffle(utc)
Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here

def resident(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

before = resident("VmRSS")
angles = sun.angles(utc)
output = angles.azimuth_deg.nbytes + angles.elevation_deg.nbytes
print((resident("VmHWM") - before - output) / 2**20)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing asked for: at least or at most `asked`, and what came out."""

    what: str
    asked: float
    at_least: bool
    measured: float

    @property
    def met(self):
        return self.measured >= self.asked if self.at_least else self.measured <= self.asked


class PvlibNumba:
    """pvlib compiled by numba, in another process: `seconds(what)` times it there."""

    def __init__(self):
        self._child = subprocess.Popen(
            [sys.executable, __file__, "pvlib-numba"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self, what):
        self._child.stdin.write(f"{what}\n")
        self._child.stdin.flush()
        return float(self._child.stdout.readline())

    def close(self):
        self._child.stdin.close()
        self._child.wait()


def serve_pvlib_numba():
    """The other process: pvlib's numba form, timed on demand."""
    warnings.simplefilter("ignore")  # pvlib says that it reloads its module
    unix_s, one = MINUTES.astype(np.int64) / 1e6, pd.DatetimeIndex(MINUTES[:1]).tz_localize("UTC")

    def single():
        place = {"latitude": LATITUDE_DEG, "longitude": LONGITUDE_DEG, "altitude": ALTITUDE_M}
        pvlib.solarposition.get_solarposition(one, **place, method="nrel_numba", numthreads=1)

    def year(times_s):
        place = (LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M)
        pvlib.spa.solar_position(times_s, *place, 1013.25, 12.0, 67.0, 0.5667, 1)

    single()
    year(unix_s[:1000])
    shuffled_s = np.random.default_rng(1).permutation(unix_s)
    runs = {
        "sorted": (lambda: year(unix_s), 1),
        "shuffled": (lambda: year(shuffled_s), 1),
        "one": (single, 200),
    }
    for request in sys.stdin:
        print(timed(*runs[request.strip()]), flush=True)


def timed(call, times=1):
    """Seconds per call."""
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times


def medians(contenders):
    """Median seconds of each contender; they take turns."""
    taken = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, measure in contenders.items():
            taken[name].append(measure())
    return {name: float(np.median(seconds)) for name, seconds in taken.items()}


def years_of_minutes(sun, peer):
    """525,600 instants, in order and shuffled: nanoseconds each."""
    order = np.random.default_rng(1).permutation(MINUTES.size)
    results = {}
    for name, utc in (("sorted", MINUTES), ("shuffled", MINUTES[order])):
        julian = utc.astype(np.int64) / 86400e6 + 2440587.5
        contenders = {
            "sunflower": lambda utc=utc: timed(lambda: sun.angles(utc)),
            "sg2": lambda julian=julian: timed(lambda: sg2.sun_position(POINT, julian, FIELDS)),
            "pvlib numba": lambda name=name: peer.seconds(name),
        }
        results[name] = {who: 1e9 * s / MINUTES.size for who, s in medians(contenders).items()}
    return results


def single_calls(sun, peer):
    """One time a call, nodes built: microseconds."""
    one, now = MINUTES[300_000:300_001], MINUTES[300_000]
    index = pd.DatetimeIndex(one).tz_localize("UTC")
    julian = one.astype(np.int64) / 86400e6 + 2440587.5
    place = (LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M)
    contenders = {
        "sunflower array of one": lambda: timed(lambda: sun.angles(one), CALLS),
        "sunflower loop's instant": lambda: timed(lambda: sun.direction_at(now), CALLS),
        "sg2": lambda: timed(lambda: sg2.sun_position(POINT, julian, FIELDS), CALLS),
        "sg2 given datetime64": lambda: timed(lambda: sg2.sun_position(POINT, one, FIELDS), CALLS),
        "pvlib": lambda: timed(lambda: pvlib.solarposition.get_solarposition(index, *place), 100),
        "pvlib numba": lambda: peer.seconds("one"),
    }
    return {who: 1e6 * s for who, s in medians(contenders).items()}


def node_cost():
    """Rows of one year against SPA on 2,000 timestamps: milliseconds."""
    unix_s = np.linspace(1.7e9, 1.73e9, 2000)
    place = (LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M, 1013.25, 12.0, 67.0, 0.5667, 1)
    contenders = {
        "nodes of a year": lambda: timed(lambda: day_rows(day_of(2025), day_of(2026)), 5),
        "pvlib": lambda: timed(lambda: pvlib.spa.solar_position(unix_s, *place), 5),
    }
    return {who: 1e3 * s for who, s in medians(contenders).items()}


def spare_memory_mib(how, order):
    """Memory beyond the output for ten million instants, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, how, order], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def lines_of(minutes, calls, nodes, memory_mib):
    in_order, shuffled = minutes["sorted"], minutes["shuffled"]
    one, loop = calls["sunflower array of one"], calls["sunflower loop's instant"]
    asked = [
        ("525,600 in order, times as fast as pvlib numba", 200, True, ratio(in_order, "pvlib numba")),
        ("525,600 in order, times as fast as sg2", 20, True, ratio(in_order, "sg2")),
        ("525,600 shuffled, times as fast as pvlib numba", 20, True, ratio(shuffled, "pvlib numba")),
        ("525,600 shuffled, times as fast as sg2", 2, True, ratio(shuffled, "sg2")),
        ("array of one, times as fast as pvlib", 200, True, calls["pvlib"] / one),
        ("array of one, times as fast as pvlib numba", 25, True, calls["pvlib numba"] / one),
        ("array of one, times the cost of sg2", 2, False, one / calls["sg2"]),
        ("loop's instant, times as fast as sg2", 1, True, calls["sg2"] / loop),
        (
            "nodes of a year, share of SPA on 2,000 times",
            0.5,
            False,
            nodes["nodes of a year"] / nodes["pvlib"],
        ),
        *((f"10 million {name}, MiB beyond output", 64, False, mib) for name, mib in memory_mib.items()),
    ]
    return [Line(what=w, asked=a, at_least=m, measured=float(v)) for w, a, m, v in asked]


def ratio(nanoseconds, peer):
    return nanoseconds[peer] / nanoseconds["sunflower"]


def cpu():
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    flags = set(text.split("flags", 1)[-1].split("\n", 1)[0].split())
    name = text.split("model name", 1)[-1].split("\n", 1)[0].strip(" \t:")
    return {"name": name, "features": [feature for feature in FEATURES if feature in flags]}


def main():
    print(f"CPU: {cpu()['name']}, {' '.join(cpu()['features'])}")
    sun = Sun(
        Places(latitude_deg=LATITUDE_DEG, longitude_deg=LONGITUDE_DEG, altitude_m=ALTITUDE_M), how="numba"
    )
    sun.angles(MINUTES)
    peer = PvlibNumba()
    peer.seconds("one")  # started
    minutes, calls, nodes = years_of_minutes(sun, peer), single_calls(sun, peer), node_cost()
    peer.close()
    by_numpy = Sun(Places(latitude_deg=LATITUDE_DEG, longitude_deg=LONGITUDE_DEG), how="numpy")
    minutes["sorted"]["sunflower by numpy alone"] = (
        1e9 * timed(lambda: by_numpy.angles(MINUTES)) / MINUTES.size
    )
    memory = {
        f"{order} by {how}": spare_memory_mib(how, order)
        for how in ("numpy", "numba")
        for order in ("sorted", "shuffled")
    }
    lines = lines_of(minutes, calls, nodes, memory)
    print(f"{'':52}{'asked':>12}{'measured':>10}")
    for line in lines:
        asked = f"{'>=' if line.at_least else '<='} {line.asked:g}"
        print(f"{line.what:52}{asked:>12}{line.measured:10.3g}  {'met' if line.met else 'MISSED'}")
    for title, table in (
        ("ns each, in order", minutes["sorted"]),
        ("ns each, shuffled", minutes["shuffled"]),
        ("us a call", calls),
        ("ms", nodes),
    ):
        print(f"{title}: " + ", ".join(f"{who} {value:.3g}" for who, value in table.items()))
    results = ROOT / "benchmarks" / "results" / "sun_speed.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "cpu": cpu(),
        "versions": {"pvlib": pvlib.__version__, "numba": numba.__version__, "numpy": np.__version__},
        "lines": [{**asdict(line), "met": line.met} for line in lines],
        "ns_each": minutes,
        "us_a_call": calls,
        "nodes_ms": nodes,
    }
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    serve_pvlib_numba() if sys.argv[1:] == ["pvlib-numba"] else main()
