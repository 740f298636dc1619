"""`sunflower simulate`: heads on a line that any program can open."""

import json
import signal
import subprocess

import pytest

from firmware_bridge import Gearing, SlewDrive, open_bus

MILLIDEGREES = SlewDrive(counts_per_deg=1000.0)
GEARING = Gearing(azimuth=MILLIDEGREES, elevation=MILLIDEGREES)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_line_survives_clients_that_hang_up_and_goes_at_the_end(field, number, code):
    link = field.folder / "line"
    simulator = field.simulate(field.site(), link)
    for address in (1, 2, 1):
        with open_bus(str(link)) as bus:
            assert not bus.mount(address, GEARING).status().position_trusted
    assert simulator.leave(number) == code
    assert not link.is_symlink()
    assert "Traceback" not in simulator.said()


def test_for_programs_it_says_where_the_line_is_and_who_is_on_it(field):
    site = field.site()
    simulator = field.start("simulate", site, "--json")
    ready = json.loads(simulator.line())
    assert (ready["event"], ready["heads"]) == ("ready", {"H01": 1, "H02": 2})
    with open_bus(ready["port"]) as bus:
        assert bus.mount(2, GEARING).hello().address == 2


def test_heads_move_in_real_time(field, eventually):
    link = field.folder / "line"
    field.simulate(field.site(), link)
    with open_bus(str(link)) as bus:
        head = bus.mount(1, GEARING)
        assert head.home().homing
        assert eventually(lambda: (status := head.status()).position_trusted and status).elevation_deg == 80.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--listen", "tcp:70000"), "names no TCP port"),
        (("--protocol", "klingon"), "use one of native, easycomm2"),
        (("--device", "z80"), "use one of python, host, avr"),
        (("--device", "avr", "--protocol", "gs232a"), "leave --protocol out"),
        (("--device", "host", "--listen", "tcp:4533"), "give --listen a path"),
        (("--device", "host", "--faults", "loss=0.1"), "before their line"),
        (("--faults", "loss=2"), "loss"),
        (("--bridge", "1"), "the site has 1, counted from 0"),
        (("--head", "H77"), "is not on this bridge; it has H01, H02"),
    ],
)
def test_what_is_not_supported_says_what_is(field, arguments, says):
    done = field.sunflower("simulate", field.site(), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_of_others_is_replaced(field, kind):
    taken, target = field.folder / "taken", field.folder / "thesis.txt"
    target.write_text("years of work")
    {
        "file": lambda: taken.write_text("mine"),
        "folder": taken.mkdir,
        "link": lambda: taken.symlink_to(target),
    }[kind]()
    done = field.sunflower("simulate", field.site(), "--listen", taken)
    assert done.returncode == 2
    assert "name a free path" in done.stderr
    assert taken.exists()
    assert target.read_text() == "years of work"


def test_a_link_in_use_is_left_and_one_left_over_is_replaced(field):
    link = field.folder / "line"
    first = field.simulate(field.site(), link)
    done = field.sunflower("simulate", field.site(), "--listen", link)
    assert done.returncode == 2
    assert "which is in use; end that simulator" in done.stderr
    first.process.kill()
    first.process.wait()
    assert link.is_symlink()
    link.unlink()
    link.symlink_to("/dev/pts/no-such")
    assert field.simulate(field.site(), link).leave() == 130
    assert not link.is_symlink()


def rotctl(model, place, *words):
    done = subprocess.run(
        ["rotctl", "-m", str(model), "-r", str(place), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [float(line) for line in done.stdout.split()]


def moves(model, place, eventually):
    """Whether Hamlib sees a head where it has sent it, which is not where it stood."""
    assert rotctl(model, place, "p") == [0.0, 90.0]
    rotctl(model, place, "P", "20", "85")
    return eventually(lambda: rotctl(model, place, "p") == [20.0, 85.0])


@pytest.mark.parametrize(
    ("protocol", "model"), [("easycomm2", 202), ("easycomm3", 204), ("gs232a", 601), ("gs232b", 603)]
)
def test_hamlib_moves_a_head_of_another_protocol(field, eventually, protocol, model):
    link = field.folder / "line"
    simulator = field.start("simulate", field.site(), "--protocol", protocol, "--listen", link)
    assert simulator.line().startswith("ready")
    assert "is one head: H01" in simulator.said()
    assert moves(model, link, eventually)


def test_hamlib_moves_a_head_over_tcp(field, eventually):
    simulator = field.start("simulate", field.site(), "--protocol", "rotctld", "--listen", "tcp:0", "--json")
    port = json.loads(simulator.line())["port"]
    assert moves(2, port.removeprefix("tcp://"), eventually)


def test_native_heads_are_reached_over_tcp(field):
    simulator = field.start("simulate", field.site(), "--listen", "tcp:0", "--json")
    with open_bus(json.loads(simulator.line())["port"]) as bus:
        assert bus.mount(2, GEARING).hello().serial == 1002


def test_a_tracker_controller_has_all_heads(field):
    simulator = field.start("simulate", field.site(), "--protocol", "sunspec", "--listen", "tcp:0", "--json")
    ready = json.loads(simulator.line())
    assert ready["heads"] == {"H01": 1, "H02": 2}
    with open_bus(f"{ready['port']}?unit=1", "sunspec") as bus:
        assert not bus.mount(2).status().position_trusted


def test_a_bad_line_still_brings_every_answer(field):
    link = field.folder / "line"
    spoilt = "flip=2e-4,loss=0.02,duplicate=0.05,seed=3"
    simulator = field.start("simulate", field.site(), "--listen", link, "--faults", spoilt)
    assert simulator.line().startswith("ready")
    with open_bus(str(link)) as bus:
        head = bus.mount(1, GEARING)
        assert [head.status().elevation_deg for _ in range(60)] == [0.0] * 60


def test_the_real_firmware_answers_on_this_machine(field):
    link = field.folder / "line"
    simulator = field.start("simulate", field.site(), "--device", "host", "--listen", link)
    assert simulator.line().startswith("ready")
    with open_bus(str(link)) as bus:
        assert bus.mount(1, GEARING).hello().serial == 1001
