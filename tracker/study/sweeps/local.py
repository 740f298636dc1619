"""Chunks on the cores of this machine, a process each."""

import os
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Final

from tracker.errors import DeviceUnavailable
from tracker.study.sweeps.chunk import Part, computed
from tracker.study.sweeps.plan import Chunk

AHEAD: Final = 2  # chunks a worker: one in work, one waiting; no more are held in memory
DEATHS: Final = 3  # chosen: a worker that dies so often without a chunk done in between will die again


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cores(chunks: Iterable[Chunk], jobs: int) -> Iterator[Part]:
    """Parts in the order in which they are done; chunks of a worker that dies are computed again.

    Raises what `computed` raises, and DeviceUnavailable when workers keep dying.
    """
    if jobs == 1:
        yield from map(computed, chunks)
        return
    left, deaths = iter(chunks), 0
    lost: list[Chunk] = []
    while True:
        pending: dict[Future[Part], Chunk] = {}
        try:
            with _pool(jobs) as pool:
                while _fill(pool, pending, lost, left, jobs * AHEAD):
                    for done in wait(pending, return_when=FIRST_COMPLETED).done:
                        part = done.result()
                        del pending[done]
                        deaths = 0
                        yield part
        except BrokenProcessPool as error:
            deaths += 1
            lost = list(pending.values())
            if deaths == DEATHS:
                raise DeviceUnavailable(
                    f"worker processes died {DEATHS} times in a row, the last over chunks "
                    f"{', '.join(str(chunk.number) for chunk in lost)}; if memory is short, give --jobs 1"
                ) from error
        else:
            return


def _fill(
    pool: ProcessPoolExecutor,
    pending: dict[Future[Part], Chunk],
    lost: list[Chunk],
    left: Iterator[Chunk],
    most: int,
) -> bool:
    """Hand out chunks, lost ones first; whether any is in work."""
    while len(pending) < most:
        chunk = lost.pop() if lost else next(left, None)
        if chunk is None:
            break
        pending[pool.submit(computed, chunk)] = chunk
    return bool(pending)


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Workers that end with this process, however it ends, and at once when the block is left early."""
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("forkserver"), initializer=_begin)
    try:
        yield pool
        pool.shutdown()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent closes nothing: without this its workers would wait for ever."""
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
