"""Workers that die in the middle, on this machine and on a real cluster: the result is the same bytes."""

import os
import signal
from multiprocessing import active_children

import pytest
from distributed import LocalCluster

from tracker.errors import DeviceUnavailable, InvalidWeather
from tracker.study.sweeps.cluster import on_cluster
from tracker.study.sweeps.local import on_cores
from tracker.study.sweeps.plan import chunk_of

MOUNTINGS = ("flat", "best_fixed")


@pytest.fixture
def no_sleep():
    """Dask's own loops sleep; the tests themselves never do."""


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes of a real cluster, of a thread each; a nanny starts a dead one again."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as made:
        yield made


@pytest.fixture
def work(plan_of):
    """Chunks of a sweep, and the bytes that one process makes of them."""

    def make(count):
        plan = plan_of(count=count, chunk_places=1, mountings=MOUNTINGS)
        chunks = [chunk_of(plan, number) for number in range(plan.chunks)]
        return chunks, {part.number: part.parquet for part in on_cores(chunks, jobs=1)}

    return make


def collected(parts, after_first):
    """Bytes by chunk; each chunk once. Something happens after the first part."""
    found = {}
    for part in parts:
        assert part.number not in found
        if not found:
            after_first()
        found[part.number] = part.parquet
    return found


def kill_a_worker_here():
    os.kill(active_children()[0].pid, signal.SIGKILL)


def test_a_process_killed_in_the_middle_changes_nothing(work):
    chunks, expected = work(12)
    assert collected(on_cores(chunks, jobs=2), kill_a_worker_here) == expected


def test_processes_that_keep_dying_are_told_of(work, monkeypatch):
    chunks, _ = work(2)
    monkeypatch.setattr("tracker.study.sweeps.local.computed", _die)
    with pytest.raises(DeviceUnavailable, match=r"died 3 times in a row.*--jobs 1"):
        list(on_cores(chunks, jobs=2))


def _die(_chunk):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_cluster_gives_the_bytes_of_one_process(work, cluster):
    chunks, expected = work(5)
    assert collected(on_cluster(chunks, cluster.scheduler_address), lambda: None) == expected


def test_a_worker_of_the_cluster_killed_in_the_middle_changes_nothing(work, cluster):
    chunks, expected = work(12)

    def kill_a_worker_there():
        os.kill(cluster.workers[0].pid, signal.SIGKILL)

    assert collected(on_cluster(chunks, cluster.scheduler_address), kill_a_worker_there) == expected


def test_what_is_wrong_with_a_chunk_arrives_from_the_cluster(work, cluster):
    chunks, _ = work(1)
    (chunks[0].folder / chunks[0].places[0].weather).unlink()
    with pytest.raises(InvalidWeather, match="no such file"):
        list(on_cluster(chunks, cluster.scheduler_address))


def test_a_scheduler_that_is_not_there_is_told_with_what_to_do(work, monkeypatch):
    chunks, _ = work(1)
    monkeypatch.setattr("tracker.study.sweeps.cluster.CONNECT_S", 0.2)
    with pytest.raises(DeviceUnavailable, match=r"no Dask scheduler answers.*--scheduler"):
        list(on_cluster(chunks, "tcp://127.0.0.1:1"))


def test_a_cluster_without_workers_is_told_with_what_to_do(work):
    chunks, _ = work(1)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty,
        pytest.raises(DeviceUnavailable, match="dask worker tcp://"),
    ):
        list(on_cluster(chunks, empty.scheduler_address))
