"""A simulated line of instruments, over loopback TCP and on a pty, and the client's bus on it."""

import pytest

from firmware_bridge.instruments.bus import InstrumentBus
from firmware_bridge.instruments.generic import GENERIC
from firmware_bridge.instruments.simulated import serve_instruments, simulate
from firmware_bridge.modbus.line import LineSettings, open_line
from firmware_bridge.modbus.pty_cable import PtyCable

QUICK = LineSettings(timeout_s=0.6, retries=0)  # longer than a busy machine keeps an answer back


class Watch:
    """A clock that a test turns."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


class Line:
    """Simulated instruments and a bus that asks them."""

    def __init__(self, listen, url, instruments=GENERIC):
        self.watch = Watch()
        self.simulated = simulate(instruments)
        self.by_name = {instrument.name: self.simulated[instrument.unit] for instrument in instruments}
        self.server = serve_instruments(self.simulated, listen, self.watch)
        url = url or f"socket://127.0.0.1:{self.server.port}"
        self.bus = InstrumentBus(open_line(url, QUICK), instruments, self.watch)

    def poll(self, after_s=1.0):
        self.watch.now_s += after_s
        return self.bus.poll()

    def close(self):
        self.bus.close()
        self.server.close()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def tcp_line():
    line = Line("tcp:0", "")
    yield line
    line.close()


@pytest.fixture
def pty_line(tmp_path):
    with PtyCable(str(tmp_path / "rs485")) as cable:
        line = Line(cable.server_port, cable.client_port)
        yield line
        line.close()


@pytest.fixture(params=["tcp", "rtu"])
def line(request):
    return request.getfixturevalue("tcp_line" if request.param == "tcp" else "pty_line")
