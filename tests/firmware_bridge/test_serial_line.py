"""The real thing: a simulator process on a real pty, opened through pyserial."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import tty
from pathlib import Path

import pytest

from firmware_bridge import LinkLost, PortUnavailable, RemoteProtocolError, open_bus, open_mount
from firmware_bridge.simulator.client import SimulatorFailed, SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice, SimulatorConfig
from firmware_bridge.simulator.serve import LineServer
from firmware_bridge.transport.serial_port import SerialPort
from firmware_bridge.wire.session import Patience

GEARING = SimulatedDevice().gearing
BRIEF = Patience(reply_within_s=0.02, tries=2)


def test_a_move_crosses_the_operating_systems_serial_layer(simulator):
    with open_bus(simulator.port) as bus:
        head = bus.mount(2, GEARING)
        head.move_to(30.0, 60.0, azimuth_rate_deg_s=0.5, elevation_rate_deg_s=0.25)
        simulator.advance(4.0, after_bytes=bus.bytes_written)
        half_way = head.status()
        assert (half_way.azimuth_deg, half_way.elevation_deg) == (1.75, 89.062)
        assert half_way.moving
        assert half_way.device_time_s == 4.0
        truth = simulator.truth()
        assert truth[2].azimuth_counts == pytest.approx(1700.0)  # the shaft lags by half the backlash
        assert truth[1].azimuth_counts == 0.0


def test_time_waits_for_bytes_that_are_still_under_way(simulator):
    with open_bus(simulator.port) as bus:
        head = bus.mount(1, GEARING)
        head.move_to(10.0, 80.0)
        for _ in range(200):
            bus.keep_alive()  # nobody answers, so only the count tells that it has arrived
            progress = simulator.advance(4.9, after_bytes=bus.bytes_written)
            assert progress.bytes_received == bus.bytes_written
        assert not head.status().lease_expired


def test_advance_says_when_the_bytes_never_come(simulator, monkeypatch):
    config = SimulatorConfig(devices=(SimulatedDevice(),))
    monkeypatch.setattr("firmware_bridge.simulator.serve.BYTES_WITHIN_S", 0.0)
    with LineServer(config, lambda: 0.0) as server, pytest.raises(ValueError, match="0 of 7 bytes"):
        server.answer({"advance_s": 1.0, "after_bytes": 7})


def test_a_second_owner_of_the_port_is_refused(simulator):
    with open_bus(simulator.port), pytest.raises(PortUnavailable, match=r"in use.*stop that program"):
        open_bus(simulator.port)


def test_the_line_survives_clients_that_hang_up(simulator):
    for _ in range(5):
        with open_bus(simulator.port) as bus:
            assert bus.mount(3, GEARING).move_to(1.0, 89.0).position_trusted


def test_what_was_answered_to_a_client_that_left_disturbs_nobody(simulator):
    for _ in range(3):
        port = SerialPort(simulator.port, 115200)
        port.write(b"\x00\x03half a frame")
        port.close()
        with open_bus(simulator.port) as bus:
            assert bus.mount(1, GEARING).status().position_trusted


def test_a_missing_port_is_named_with_the_next_action():
    with pytest.raises(PortUnavailable, match=r"/dev/no-such-port does not exist; check cable"):
        open_bus("/dev/no-such-port")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_serial_device_is_named_so(tmp_path, kind):
    path = tmp_path / "thing"
    path.mkdir() if kind == "folder" else path.write_text("no port")
    with pytest.raises(PortUnavailable, match="is not a serial device"):
        open_bus(str(path))


def test_a_server_that_is_not_there_is_named_so():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        number = unused.getsockname()[1]
    with pytest.raises(PortUnavailable, match="does not accept the connection"):
        open_bus(f"socket://127.0.0.1:{number}")


def test_an_address_of_an_unknown_kind_is_refused():
    with pytest.raises(PortUnavailable, match="of an unknown kind; give the path"):
        open_bus("carrier-pigeon://roof")


def test_an_unknown_protocol_names_the_supported_ones():
    with pytest.raises(ValueError, match=r"'morse' is unknown; use one of: native"):
        open_mount("/dev/null", "morse")


def test_a_silent_line_is_a_lost_link(simulator):
    with open_bus(simulator.port, patience=BRIEF) as bus:
        simulator.inject(2, silent=True)
        with pytest.raises(LinkLost, match=r"device 2.*2 tries.*check power, cable and address"):
            bus.mount(2, GEARING).status()
        assert bus.mount(1, GEARING).status().drive_enabled  # its neighbour is still there


def test_a_device_that_talks_nonsense_is_named_so(answering_pty):
    path = answering_pty(b"OK AZ=123 EL=045\r\n")
    says = r"4f 4b 20 41.*check protocol, speed and wiring"
    with open_bus(path, patience=BRIEF) as bus, pytest.raises(RemoteProtocolError, match=says):
        bus.mount(1, GEARING).status()


def test_a_port_that_is_pulled_out_is_a_lost_link():
    ours, theirs = os.openpty()
    path = os.ttyname(theirs)
    with open_bus(path, patience=BRIEF) as bus:
        os.close(theirs)
        os.close(ours)
        with pytest.raises(LinkLost, match=r"has gone away.*reopen"):
            bus.mount(1, GEARING).status()


def test_a_line_that_takes_no_more_bytes_is_a_lost_link(monkeypatch):
    monkeypatch.setattr("firmware_bridge.transport.serial_port.WRITE_WITHIN_S", 0.01)
    ours, theirs = os.openpty()
    port = SerialPort(os.ttyname(theirs), 115200)
    with pytest.raises(LinkLost, match="timeout"):
        port.write(bytes(1_000_000))
    port.close()
    os.close(theirs)
    os.close(ours)


def test_a_bus_over_tcp_speaks_the_same(tcp_line):
    with open_bus(tcp_line) as bus:
        assert bus.mount(1, GEARING).move_to(1.0, 89.0).moving


def test_the_port_line_is_left_raised_at_close(simulator):
    import termios

    open_bus(simulator.port).close()
    descriptor = os.open(simulator.port, os.O_RDWR | os.O_NOCTTY)
    assert not termios.tcgetattr(descriptor)[2] & termios.HUPCL
    os.close(descriptor)


def test_in_real_time_the_devices_follow_the_clock():
    now_s = [100.0]
    config = SimulatorConfig(devices=(SimulatedDevice(),), lockstep=False)
    with LineServer(config, lambda: now_s[0]) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        with open_bus(server.port) as bus:
            head = bus.mount(1, GEARING)
            head.move_to(-10.0, 90.0)
            now_s[0] += 3.0
            assert head.status().azimuth_deg == -1.25
        _ask(server.side_channel, {"quit": True})
        serving.join()


def test_a_link_leads_to_the_port_and_goes_with_it(tmp_path):
    link = tmp_path / "array"
    link.symlink_to("/dev/pts/no-such")  # left over from a simulator that was killed
    with SimulatorProcess([SimulatedDevice()], link=str(link)) as process:
        assert process.port == str(link)
        open_bus(str(link)).close()
    assert not link.is_symlink()


def test_a_link_does_not_replace_a_link_to_a_real_port(tmp_path):
    taken = tmp_path / "usb-controller"
    taken.symlink_to("/dev/ttyUSB7")
    with pytest.raises(SimulatorFailed, match="cannot be made a link"):
        SimulatorProcess([SimulatedDevice()], link=str(taken))
    assert taken.is_symlink()


def test_a_link_does_not_replace_a_file(tmp_path):
    taken = tmp_path / "thesis.txt"
    taken.write_text("years of work")
    with pytest.raises(SimulatorFailed, match="cannot be made a link"):
        SimulatorProcess([SimulatedDevice()], link=str(taken))
    assert taken.read_text() == "years of work"


def test_the_simulator_dies_with_its_parent(tmp_path):
    script = (
        "import os, signal\n"
        "from firmware_bridge.simulator.client import SimulatorProcess\n"
        "from firmware_bridge.simulator.config import SimulatedDevice\n"
        f"process = SimulatorProcess([SimulatedDevice()], link={str(tmp_path / 'line')!r})\n"
        "print(os.getpid(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = parent.communicate()  # the simulator holds no pipe of its parent's: it has its own
    assert parent.returncode == -signal.SIGKILL, errors
    assert _gone(tmp_path / "line")


def test_the_simulator_runs_from_a_file_until_it_is_terminated(tmp_path):
    config = tmp_path / "line.json"
    config.write_text(json.dumps({"devices": [{"address": 7}], "link": str(tmp_path / "port")}))
    with subprocess.Popen(
        [sys.executable, "-m", "firmware_bridge.simulator", str(config)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        ready = json.loads(process.stdout.readline())
        with open_bus(ready["port"]) as bus:
            assert bus.mount(7, GEARING).hello().address == 7
        process.terminate()
        assert process.wait() == 130
        assert process.stderr.read() == b""
    assert not Path(ready["port"]).is_symlink()
    assert not Path(ready["side_channel"]).exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "configuration"),
        ('{"devices": [{"backlash_deg": -1}]}', "cannot be negative"),
        ('{"devices": [{"counts_per_deg_azimuth": 0}]}', "must be positive on both axes"),
        ('{"devices": [{"address": "one"}]}', "configuration"),
        ('{"devices": [{"elevation_rate_deg_s": 0}]}', "elevation_rate_deg_s is 0"),
        ('{"devices": []}', "at least one device"),
        ('{"devices": [{"adress": 1}]}', "'adress' is unknown"),
        ('{"devices": [{"address": 300}]}', "use 1 to 247"),
        ('{"devices": [{"azimuth_start_deg": 500}]}', "within -270.0 to 270.0 deg"),
    ],
)
def test_a_wrong_configuration_is_told_without_a_traceback(text, says):
    program = [sys.executable, "-m", "firmware_bridge.simulator"]
    done = subprocess.run(program, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "request_line",
    [
        '{"advance_s": null}',
        '{"advance_s": -1}',
        '{"advance_s": Infinity}',
        "[1]",
        "{}",
        "what",
        '{"inject": 3}',
        '{"inject": {"address": []}}',
        '{"inject": {"address": 1, "meteor": true}}',
        '{"inject": {"address": 1, "reset": "boredom"}}',
    ],
)
def test_the_side_channel_answers_nonsense_with_an_error(request_line):
    with LineServer(SimulatorConfig(devices=(SimulatedDevice(),)), lambda: 0.0) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        answers = _ask(server.side_channel, request_line), _ask(server.side_channel, {"quit": True})
        serving.join()
    assert "error" in answers[0]
    assert answers[1]["now_s"] == 0.0


def _ask(path: str, request: dict | str) -> dict:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.connect(path)
        channel.sendall((request if isinstance(request, str) else json.dumps(request)).encode() + b"\n")
        return json.loads(channel.makefile("rb").readline())


def _gone(link: Path) -> bool:
    """Whether the link goes away; waits for the process that owns it, without a wall time of our own."""
    poll = select.poll()
    for _ in range(100):
        if not link.is_symlink():
            return True
        poll.poll(100)
    return False


@pytest.fixture
def answering_pty():
    """A function that makes a pty answering every request with fixed bytes."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    ended_read, ended_write = os.pipe()
    threads = []

    def start(answer: bytes) -> str:
        def talk() -> None:
            while ended_read not in (ready := select.select([ours, ended_read], [], [])[0]):
                os.read(ready[0], 1024)
                os.write(ours, answer)

        threads.append(threading.Thread(target=talk))
        threads[0].start()
        return os.ttyname(theirs)

    yield start
    os.write(ended_write, b"x")
    for thread in threads:
        thread.join()
    for descriptor in (ours, theirs, ended_read, ended_write):
        os.close(descriptor)


@pytest.fixture
def tcp_line():
    """A simulated head behind a TCP port."""
    from firmware_bridge.simulator.line import SimulatedLine

    line = SimulatedLine([SimulatedDevice()])
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(line.receive(data))

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    thread.join()
    listener.close()
