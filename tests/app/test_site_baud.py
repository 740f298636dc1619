"""The speed of a line: from the site file to the port itself."""

import os
import termios

import pytest

from tracker.app.assemble import open_site
from tracker.app.config import check_site_text, default_plant, load_site
from tracker.app.field.direct import tell_each
from tracker.app.field.direct_stop import stop_lines
from tracker.errors import DeviceUnavailable

SPEEDS = (4, 5)  # places of a port's two speeds in termios attributes
USUAL = {"native": termios.B115200, "easycomm2": termios.B19200, "gs232b": termios.B9600}


@pytest.fixture
def line():
    """A port on which nobody answers, and what it was last set to."""
    host, device = os.openpty()

    class Line:
        path = os.ttyname(device)

        def speeds(self):
            return {termios.tcgetattr(device)[place] for place in SPEEDS}

    yield Line()
    os.close(host)
    os.close(device)


@pytest.fixture
def site_of(tmp_path, line):
    def write(**keys):
        path = tmp_path / "site.toml"
        said = "\n".join(f"{key} = {value!r}" for key, value in keys.items())
        path.write_text(f"[array]\nheads = 1\n[[bridge]]\nport = '{line.path}'\n{said}\n")
        return path

    return write


def opened_by_a_run(site):
    with pytest.raises(DeviceUnavailable), open_site(load_site(site)):
        pass


def opened_by_a_question(site):
    tell_each(load_site(site), None, (), lambda head: head.status())


def opened_by_a_stop(site):
    stop_lines(site, None)


@pytest.mark.parametrize("opened", [opened_by_a_run, opened_by_a_question, opened_by_a_stop])
@pytest.mark.parametrize("protocol", ["native", "easycomm2"])
def test_every_way_to_open_a_port_opens_it_at_the_sites_speed(opened, protocol, site_of, line):
    opened(site_of(protocol=protocol, baud=57600))
    assert line.speeds() == {termios.B57600}


@pytest.mark.parametrize("protocol", USUAL)
def test_without_a_speed_it_is_the_protocols_own(protocol, site_of, line):
    opened_by_a_question(site_of(protocol=protocol))
    assert line.speeds() == {USUAL[protocol]}


def test_another_port_keeps_the_speed(site_of, line):
    site = site_of(baud=57600)
    plant = load_site(site)
    site.write_text(site.read_text().replace(line.path, "/dev/no-such-port"))
    tell_each(load_site(site), line.path, (), lambda head: head.status())
    assert line.speeds() == {termios.B57600}
    assert plant.bridges[0].baud == 57600
    assert default_plant().bridges[0].baud is None


@pytest.mark.parametrize(
    ("baud", "says"),
    [
        ("0", "line 2: bridge[0].baud = 0 is out of range; give 300 to 921600 bit/s"),
        ("1e6", "bridge[0].baud = 1000000.0 is not a whole number; give 300 to 921600 bit/s"),
        ("'fast'", 'bridge[0].baud = "fast" is not a whole number'),
    ],
)
def test_a_speed_that_no_line_has_is_told(baud, says, tmp_path):
    (told,) = check_site_text(f"[[bridge]]\nbaud = {baud}", tmp_path).problems
    assert says in str(told)
