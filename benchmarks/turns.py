"""CPU time of runs in one process, in two forms: some in a row, and one at a time after a peer.

CPU time, because on a busy machine the clock on the wall counts the others too, and more of them in a long
run. In a row is how a comparison asks for its mountings. A lone run after another program finds the caches
full of that program's code and data, which is the hardest that can be asked of a short one.
"""

import time
from dataclasses import dataclass

import numpy as np

ROUNDS = 9
IN_A_ROW = 5
SINGLE_TURNS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Medians over single turns, ms, and how many times as fast ours was, median and worst."""

    ours_ms: float
    peer_ms: float
    times_as_fast: float
    at_worst: float


def in_a_row_ms(runs):
    """Median time of a run, ms, of some in a row; in turns, so that a busy machine is busy for all."""
    took = {name: [] for name in runs}
    for _ in range(ROUNDS + 1):  # the first round warms up
        for name, run in runs.items():
            started = time.process_time()
            for _ in range(IN_A_ROW):
                run()
            took[name].append(1000.0 * (time.process_time() - started) / IN_A_ROW)
    return {name: float(np.median(times[1:])) for name, times in took.items()}


def single_turn(ours, peer):
    """The peer once, ours once, and so on; each turn's ratio is of neighbours in time."""
    took_ms = np.array([(_once_ms(peer), _once_ms(ours)) for _ in range(SINGLE_TURNS + 1)][1:])
    ratios = took_ms[:, 0] / took_ms[:, 1]
    return Turn(
        peer_ms=float(np.median(took_ms[:, 0])),
        ours_ms=float(np.median(took_ms[:, 1])),
        times_as_fast=float(np.median(ratios)),
        at_worst=float(np.min(ratios)),
    )


def verdict(times_as_fast, asked):
    """How a ratio is printed: met or not."""
    return f"{times_as_fast:8.0f} times as fast: {'met' if times_as_fast >= asked else 'not met'}"


def _once_ms(run):
    started = time.process_time()
    run()
    return 1000.0 * (time.process_time() - started)
