import json
import socket
import threading

import pytest

from tracker.control.control_socket import ControlSocket, ask, socket_path
from tracker.errors import DeviceUnavailable


@pytest.fixture
def door(tmp_path):
    wake = threading.Event()
    path = tmp_path / "site.sock"
    control = ControlSocket(path, wake)
    yield path, control, wake
    control.close()


def answer_next(control, wake, document):
    """What a loop does: wake up, take what came, answer."""
    assert wake.wait(10.0)
    for call in control.take():
        call.answer(document)


def test_a_question_wakes_the_run_and_is_answered(door):
    path, control, wake = door
    loop = threading.Thread(target=answer_next, args=(control, wake, {"ok": 1}))
    loop.start()
    assert ask(path, {"verb": "status"}) == {"ok": 1}
    loop.join()


def test_without_a_run_there_is_no_answer(tmp_path):
    assert ask(tmp_path / "nobody.sock", {"verb": "status"}) is None


def test_a_left_over_socket_counts_as_no_run_and_is_taken_over(tmp_path):
    path = tmp_path / "site.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert ask(path, {"verb": "ping"}) is None
    control = ControlSocket(path, threading.Event())
    assert ask(path, {"verb": "ping"}) == {"ok": True}
    control.close()
    assert not path.exists()


def test_a_second_run_of_a_site_is_refused(door):
    path, _, wake = door
    with pytest.raises(DeviceUnavailable, match="another"):
        ControlSocket(path, wake)


@pytest.mark.parametrize("line", [b"\xff\xfe\n", b"stop!\n", b"[1]\n"])
def test_nonsense_is_answered_and_disturbs_nobody(door, line):
    path, control, _ = door
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(line)
        assert json.loads(client.makefile().readline())["error"]["kind"] == "usage"
    assert control.take() == []


def test_each_site_file_has_its_own_short_socket(tmp_path):
    one, other = socket_path(tmp_path / "a.toml"), socket_path(tmp_path / "b.toml")
    assert one != other
    assert one == socket_path(tmp_path / "x" / ".." / "a.toml")
    assert len(str(one)) < 100
