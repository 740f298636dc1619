"""Lines over TCP: real sockets on loopback."""

import select
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_bridge.errors import LineGone, PortUnavailable
from firmware_bridge.transport import open_transport
from firmware_bridge.transport.tcp_port import CONNECT_WITHIN_S, VANISHED_AFTER_S

RESETS = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset instead of a farewell


class Host:
    """A line to a listener, and the clock it goes by."""

    def __init__(self, url, reading_on) -> None:
        self._reading_on = reading_on
        self.now_s = 0.0
        self.line = open_transport(url, 115200, lambda: self.now_s)

    def loses_it(self) -> None:
        with pytest.raises(LineGone, match="gone away"):
            self._reading_on(self.line)

    def reopens(self, within_s=2.0) -> int:
        until_s = self.now_s + within_s
        while True:
            self.now_s += 0.1
            try:
                return self.line.epoch()
            except LineGone:
                if self.now_s >= until_s:
                    raise


@pytest.fixture
def connected(listener, url, reading_on):
    host = Host(url(listener), reading_on)
    peer, _ = listener.accept()
    yield host, peer
    host.line.close()
    peer.close()


def test_bytes_go_both_ways_under_both_names_of_the_scheme(listener, url):
    for address in (url(listener), url(listener).replace("tcp:", "socket:")):
        line = open_transport(address, 115200)
        peer, _ = listener.accept()
        line.write(b"ping")
        assert peer.recv(100) == b"ping"
        peer.sendall(b"pong")
        assert line.read(10.0) == b"pong"
        assert line.read(0.0) == b""
        line.close()
        peer.close()


@pytest.mark.parametrize("reset", [False, True])
def test_a_peer_that_hangs_up_is_dialled_again(connected, listener, reset):
    host, peer = connected
    if reset:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
    peer.sendall(b"half a fr")
    peer.close()
    host.loses_it()
    assert host.reopens() == 1
    again, _ = listener.accept()
    again.sendall(b"whole")
    assert host.line.read(10.0) == b"whole"
    again.close()


def test_a_peer_that_hung_up_is_noticed_without_reading_or_writing(connected):
    host, peer = connected
    peer.close()
    with pytest.raises(LineGone, match="closed by the other side"):
        host.line.epoch()


def test_a_server_that_died_is_found_again_when_it_is_back(connected, listener, url):
    host, peer = connected
    port = listener.getsockname()[1]
    listener.close()
    peer.close()
    host.loses_it()
    with pytest.raises(LineGone, match="Connection refused"):
        host.reopens()
    with socket.create_server(("127.0.0.1", port)) as back:
        assert host.reopens() == 1
        back.accept()[0].close()


def test_a_peer_that_takes_no_more_bytes_is_let_go(connected):
    host, _peer = connected
    with pytest.raises(LineGone, match="timed out"):
        host.line.write(bytes(50_000_000))


def test_a_connection_that_never_comes_about_holds_up_nobody(url):
    """A full queue of connections drops new ones in silence, as a host does that was switched off."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        with pytest.raises(PortUnavailable, match=r"does not answer within 2 s; check host"):
            open_transport(url(full), 115200)
        for each in waiting:
            each.close()


def test_while_a_peer_is_switched_off_asking_takes_no_time_and_leaves_nothing_open(connected, listener):
    host, peer = connected
    listener.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for each in fillers:
        each.setblocking(False)
        each.connect_ex(listener.getsockname())
    peer.close()
    host.loses_it()
    selects = []
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(200):
        host.now_s += 0.1
        with pytest.raises(LineGone):
            host.line.epoch()
        selects.append(len(list(Path("/proc/self/fd").iterdir())))
    assert max(selects) <= open_before + 1  # the one connection being tried
    for each in fillers:
        each.close()
    while select.select([listener], [], [], 0.1)[0]:
        listener.accept()[0].close()
    assert host.reopens(within_s=CONNECT_WITHIN_S + 2 * 0.5) == 1


def test_a_peer_that_vanished_without_a_word_is_noticed_soon(connected):
    """The options do it; what they do to a cable that is really cut was measured once, see the record."""
    host, _peer = connected
    connection = host.line._line._connection
    assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1000 * VANISHED_AFTER_S
    idle_s, again_s, times = (
        connection.getsockopt(socket.IPPROTO_TCP, option)
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    )
    assert idle_s + again_s * times == VANISHED_AFTER_S
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_peer_whose_process_is_killed_is_noticed(reading_on):
    script = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(server.getsockname()[1], flush=True)\n"
        "server.accept()[0].recv(1)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as peer:
        host = Host(f"tcp://127.0.0.1:{int(peer.stdout.readline())}", reading_on)
        peer.kill()
        host.loses_it()
        host.line.close()


@pytest.mark.parametrize("wrong", ["tcp://", "tcp://host", "tcp://host:port", "tcp://:4533", "tcp://h:99999"])
def test_an_address_without_host_and_port_says_how_to_write_it(wrong):
    with pytest.raises(PortUnavailable, match=r"write it as tcp://host:port"):
        open_transport(wrong, 115200)


def test_a_host_that_nobody_knows_is_named_so():
    with pytest.raises(PortUnavailable, match="has a host that is unknown"):
        open_transport("tcp://no-such-host.invalid:4533", 115200)
