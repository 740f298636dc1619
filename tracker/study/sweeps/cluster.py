"""Chunks on a Dask cluster that somebody else runs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, TypeAlias

from distributed import Client, Future, KilledWorker, wait
from distributed.comm.core import CommClosedError

from tracker.errors import DeviceUnavailable
from tracker.study.sweeps.chunk import Part, computed
from tracker.study.sweeps.plan import Chunk

Pending: TypeAlias = "set[Future[Any]]"
AHEAD: Final = 2  # chunks a thread of a worker: one in work, one waiting; no more are held in memory
CONNECT_S: Final = 10.0
PATIENCE_S: Final = 30.0  # without a chunk done, before looking whether there are workers at all


def on_cluster(chunks: Iterable[Chunk], address: str) -> Iterator[Part]:
    """Parts in the order in which they are done; the scheduler gives chunks of lost workers to others.

    Workers need this version of sunflower, and weather files under the same paths. Raises what `computed`
    raises, and DeviceUnavailable for a scheduler that cannot be reached, has no workers or loses them all.
    """
    with _connected(address) as client:
        left = iter(chunks)
        pending: Pending = set()
        while _fill(client, pending, left):
            for future in _done(client, pending, address):
                pending.discard(future)
                yield _result(future, address)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise DeviceUnavailable(
            f"{address}: no Dask scheduler answers there ({error}); check the address, as tcp://host:8786, "
            "or leave --scheduler out to use this machine"
        ) from error
    with client:
        _demand_workers(client, address)
        yield client


def _demand_workers(client: Client, address: str) -> None:
    if not _threads(client):
        raise DeviceUnavailable(
            f"{address}: the scheduler has no workers; start some with: dask worker {address}, and give the "
            "same command again"
        )


def _threads(client: Client) -> int:
    """Of all workers that are there now."""
    return sum(client.nthreads().values())  # type: ignore[no-untyped-call]


def _fill(client: Client, pending: Pending, left: Iterator[Chunk]) -> bool:
    """Hand out chunks up to the limit; whether any is in work."""
    most = AHEAD * max(1, _threads(client))
    for chunk in islice(left, max(0, most - len(pending))):
        pending.add(client.submit(computed, chunk, pure=False))
    return bool(pending)


def _done(client: Client, pending: Pending, address: str) -> Pending:
    while True:
        try:
            with client.as_current():
                return set(wait(pending, PATIENCE_S, "FIRST_COMPLETED").done)  # type: ignore[no-untyped-call]
        except TimeoutError:
            _demand_workers(client, address)


def _result(future: "Future[Any]", address: str) -> Part:
    try:
        part: Part = future.result()
    except KilledWorker as error:
        raise DeviceUnavailable(
            f"{address}: workers died one after another over one chunk; give them more memory, or smaller "
            "chunks with --chunk and another --out"
        ) from error
    except CommClosedError as error:
        raise DeviceUnavailable(
            f"{address}: the scheduler has gone; start it again, and give the same command again"
        ) from error
    return part
