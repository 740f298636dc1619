"""The shell around the register map, on raw sockets: what it declines, survives, and where it listens."""

import contextlib
import math
import socket
import struct
import sys
import threading

import numpy as np
import pytest

from firmware_bridge.dialects.sunspec.array import Order
from firmware_bridge.dialects.sunspec.bus import open_sunspec
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.errors import PortUnavailable
from firmware_bridge.modbus.extra import ModbusMissing
from firmware_bridge.modbus.line import LineSettings, open_line
from firmware_bridge.modbus.served import ModbusServer, tcp_address

MARKER = b"SunS"


def request(pdu, unit=1, transaction=7):
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu


READ_MARKER = request(struct.pack(">BHH", 3, 40000, 2))


@pytest.fixture
def raw(array, watch, serve):
    """Send bytes as a new client; the answer's function and data."""
    server, _ = serve(array, watch)

    def exchange(data):
        with socket.create_connection(("127.0.0.1", server.port), timeout=2.0) as client:
            client.sendall(data)
            answer = client.recv(300)
        return answer[7], answer[8:]

    return exchange


def test_it_answers_the_marker(raw):
    assert raw(READ_MARKER) == (3, b"\x04" + MARKER)


@pytest.mark.parametrize(
    "pdu",
    [
        struct.pack(">BHH", 1, 40000, 1),
        struct.pack(">BHH", 2, 40000, 1),
        struct.pack(">BHH", 4, 40000, 1),
        struct.pack(">BHH", 5, 40000, 0xFF00),
        struct.pack(">BHHBB", 15, 40000, 8, 1, 255),
        struct.pack(">BHHH", 22, 40086, 0, 1),
        struct.pack(">BHHHHBH", 23, 40000, 1, 40086, 1, 2, 1),
    ],
    ids=["coils", "inputs", "input registers", "coil", "many coils", "mask", "read and write"],
)
def test_other_functions_are_declined_and_move_nothing(raw, array, pdu):
    function, data = raw(request(pdu))
    assert (function, data) == (pdu[0] | 0x80, b"\x01")
    assert array.orders == []


@pytest.mark.parametrize(
    ("pdu", "code"),
    [
        (struct.pack(">BHH", 3, 39999, 2), 2),
        (struct.pack(">BHH", 3, 65535, 1), 2),
        (struct.pack(">BHH", 6, 40000, 1), 2),
        (struct.pack(">BHH", 6, 40086, 1), 2),
        (struct.pack(">BHHB2H", 16, 40086, 3, 4, 0, 1), 3),
    ],
    ids=["before", "after", "the marker", "half a set point", "fewer bytes than said"],
)
def test_requests_that_do_not_fit_are_declined(raw, array, pdu, code):
    function, data = raw(request(pdu))
    assert function == pdu[0] | 0x80
    assert data == bytes([code])
    assert array.orders == []


def test_one_register_alone_can_be_written(raw, array):
    """GlblCtl 0 is allowed, and nobody is in manual: nothing to do."""
    place = 40000 + 2 + 68 + 2 + 8 + 1 + 5 + 3 + 1 + 4
    assert raw(request(struct.pack(">BHH", 6, place, 0))) == (6, struct.pack(">HH", place, 0))
    assert array.orders == []


@pytest.mark.parametrize("unit", [0, 2, 247, 255])
def test_requests_to_others_are_not_answered(array, watch, serve, unit):
    """On a serial line an answer would be a collision."""
    server, _ = serve(array, watch)
    with socket.create_connection(("127.0.0.1", server.port), timeout=2.0) as client:
        client.sendall(request(struct.pack(">BHH", 3, 40000, 2), unit, transaction=1))
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(300)
        client.settimeout(2.0)
        client.sendall(READ_MARKER)
        assert client.recv(300)[:2] == b"\x00\x07"


def test_garbage_neither_moves_anything_nor_ends_the_server(array, watch, serve):
    server, _ = serve(array, watch)
    rng = np.random.default_rng(5)
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", server.port), timeout=2.0) as client:
            garbage = rng.integers(0, 256, int(rng.integers(1, 300))).astype(np.uint8).tobytes()
            client.sendall(garbage if rng.random() < 0.5 else request(garbage[:40]))
    assert array.orders == []
    assert server.alive
    with contextlib.closing(open_line(f"socket://127.0.0.1:{server.port}")) as line:
        assert line.read(1, 40000, 2) == [0x5375, 0x6E53]


def test_a_port_in_use_is_said_so(array, watch, serve):
    server, _ = serve(array, watch)
    with pytest.raises(PortUnavailable, match="cannot be served"):
        ModbusServer({1: ArrayMap(array)}, f"tcp:{server.port}", watch)


def test_a_port_that_is_not_there_is_said_so(array, watch):
    with pytest.raises(PortUnavailable, match="cannot be served"):
        ModbusServer({1: ArrayMap(array)}, "/dev/does-not-exist", watch)


@pytest.mark.parametrize("listen", ["tcp:", "tcp:x", "tcp:-1", "tcp:70000"])
def test_a_listen_address_that_is_none_is_a_wrong_argument(array, watch, listen):
    with pytest.raises(ValueError, match="TCP port"):
        ModbusServer({1: ArrayMap(array)}, listen, watch)


def test_without_a_host_only_this_machine_is_served():
    assert tcp_address("tcp:502") == ("127.0.0.1", 502)
    assert tcp_address("tcp:192.0.2.1:502") == ("192.0.2.1", 502)


def test_silence_ends_the_lease_with_nobody_asking(array, watch, serve):
    """The server looks at the clock by itself; the test waits for the order, not for time."""
    server, _ = serve(array, watch, lease_s=5.0)
    resumed = threading.Event()
    effect = array.effect
    array.effect = lambda order, target: (order is Order.RESUME and resumed.set(), effect(order, target))[1]
    with open_sunspec(f"socket://127.0.0.1:{server.port}?unit=1") as bus:
        bus.mount(1).move_to(100.0, 30.0)
    watch.now_s = 5.0
    assert resumed.wait(timeout=10.0)
    assert array.orders[-1] == (Order.RESUME, (0,), None)


def test_closing_twice_is_once(array, watch, serve):
    server, _ = serve(array, watch)
    server.close()
    server.close()
    assert not server.alive


@pytest.mark.parametrize(
    "wrong",
    [
        {"baud": 0},
        {"baud": "fast"},
        {"parity": "even"},
        {"stop_bits": 3},
        {"timeout_s": 0.0},
        {"timeout_s": math.nan},
        {"timeout_s": "1"},
        {"retries": -1},
        {"retries": True},
        {"echo": "no"},
    ],
)
def test_a_line_setting_that_cannot_be_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*; it must be"):
        LineSettings(**wrong)


@pytest.mark.parametrize(
    "ask",
    [lambda: open_line("socket://127.0.0.1:1", LineSettings()), lambda: ModbusServer({}, "tcp:0", float)],
)
def test_without_pymodbus_the_message_says_what_to_install(monkeypatch, ask):
    monkeypatch.setitem(sys.modules, "pymodbus", None)
    with pytest.raises(ModbusMissing, match=r"pip install 'sunflower-tracker\[modbus\]'"):
        ask()
