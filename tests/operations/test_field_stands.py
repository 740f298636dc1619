"""`sunflower run` over foreign heads that never move: what the people who ask are told."""

import json

import pytest

from firmware_bridge.dialects.requests import ForeignFault
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice

# It has lost its position, so it refuses to move; EasyComm II has no words for that, GS-232 says `?>`.
STUCK = SimulatedDevice(position_trusted=False)


@pytest.fixture(params=[("easycomm2", ForeignFault.STANDS), ("gs232b", ForeignFault.REFUSES)])
def stuck(request, field):
    protocol, fault = request.param
    with SimulatorProcess([STUCK], protocol=protocol) as simulator:
        site = field.site(port=simulator.port, heads=1)
        site.write_text(site.read_text().replace("[[bridge]]", f'[[bridge]]\nprotocol = "{protocol}"'))
        yield site, fault


def test_a_head_that_never_moves_is_a_fault_for_everybody_who_asks_until_it_is_cleared(field, stuck):
    site, fault = stuck
    running = field.start("run", site, "--accept-simulated-wind", "--json")
    running.until(lambda event: event.get("state") == "FAULT")
    (head,) = json.loads(field.sunflower("status", site, "--json").stdout)["heads"]
    assert (head["state"], head["fault"], head["moving"]) == ("FAULT", fault, False)
    words = {ForeignFault.STANDS: "stands still", ForeignFault.REFUSES: "it refuses every move"}[fault]
    for command in ("status", "doctor"):
        assert words in field.sunflower(command, site).stdout
    assert words in running.said()
    assert field.sunflower("clear", site).returncode == 0
    running.until(lambda event: event.get("state") == "READY")
