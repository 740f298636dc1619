"""A run whose wind sensor is the wind contact of one of its heads."""

import pytest

from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice

AT_WORK = {"TRACKING", "NIGHT"}
FLAT = {"STOWED"}
STALE = "[safety]\nwind_stale_after_s = 2.0"


@pytest.fixture
def line():
    """Two heads in real time, homed by the run."""
    devices = [SimulatedDevice(address=at, position_trusted=False) for at in (1, 2)]
    with SimulatorProcess(devices, lockstep=False) as process:
        yield process


@pytest.fixture
def seen(field, line, eventually, question):
    """Waits until both heads of a site led by a run are in one of these states; its status."""
    site = field.site(port=line.port, wind="contact:H01")
    site.write_text(site.read_text().replace("[safety]", STALE))
    field.run(site)

    def wait(states):
        def holds():
            status = question(site, verb="status", heads=[])
            return status if {head["state"] for head in status["heads"]} <= states else None

        return eventually(holds)

    return wait


def whys(status):
    return {head["why"] for head in status["heads"]}


def test_the_contact_of_one_head_stows_all_until_it_closes(seen, line):
    status = seen(AT_WORK)
    assert status["wind"]["contact"] == "calm"
    assert status["wind"]["gust_m_s"] is None
    line.inject(1, wind_contact=True)
    status = seen(FLAT)
    assert status["wind"]["contact"] == "wind"
    assert [head["wind_contact"] for head in status["heads"]] == [True, False]
    line.inject(1, wind_contact=False)
    assert seen(AT_WORK)["wind"]["contact"] == "calm"


def test_a_contact_that_falls_silent_stows_the_others(seen, line):
    seen(AT_WORK)
    line.inject(1, silent=True)
    other = seen(FLAT | {"LINK_LOST", "STOWING"})["heads"][1]
    assert other["state"] in ("STOWING", "STOWED")
    assert other["why"] in ("WIND_HIGH", "ARRIVED")
