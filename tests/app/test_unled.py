"""What a run says of heads whose protocols cannot do all that is safe, at its start and at its end."""

import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from firmware_bridge.dialects.capabilities import EASYCOMM2, GS232B, NATIVE
from firmware_bridge.dialects.sunspec.bus import SunSpecBus
from firmware_bridge.dialects.sunspec.capabilities import MODEL_601, WITH_OUR_BLOCK
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from tracker.app.field.unled import concerns_of, unled

SITE = """
[site]
name = "Bench"
[array]
heads = 3
[safety]
link_lease_s = 4.0
"""
BRIDGE = """
[[bridge]]
port = "{port}"
protocol = "{protocol}"
"""


def line(capabilities, *heads):
    bus = SimpleNamespace(capabilities=capabilities, concerns=capabilities.concerns)
    return SimpleNamespace(bus=bus, heads=dict.fromkeys(heads))


def test_a_concern_is_said_once_with_all_heads_that_it_is_about():
    found = concerns_of([line(EASYCOMM2, "H01"), line(GS232B, "H02"), line(EASYCOMM2, "H03")])
    assert len(found) == len(EASYCOMM2.concerns) + len(GS232B.concerns)
    assert {one.heads for one in found if one.protocol == "easycomm2"} == {("H01", "H03")}
    assert str(found[0]).startswith("take care, H01 H03 (easycomm2): no lease")


def test_native_heads_are_no_concern():
    assert concerns_of([line(NATIVE, "H01")]) == ()


@pytest.mark.parametrize(
    ("capabilities", "says"),
    [
        (NATIVE, "H01 stow by themselves within 4 s;"),
        (WITH_OUR_BLOCK, "H01 are their own controller's again when its own lease ends"),
        (MODEL_601, "H01 go to where they were told last and stay there, in wind too: sunspec has no lease"),
        (
            EASYCOMM2,
            "H01 go to where they were told last and stay there, in wind too: easycomm2 has no lease",
        ),
    ],
)
def test_what_heads_do_unled_follows_from_what_their_protocol_can(capabilities, says):
    assert unled([line(capabilities, "H01")], lease_s=4.0).startswith(says)
    assert ("by themselves" in says) == (capabilities is NATIVE)


def test_heads_that_do_the_same_unled_share_a_line():
    lines = [line(NATIVE, "H01", "H02"), line(EASYCOMM2, "H03"), line(NATIVE, "H04")]
    assert [text.partition(" go")[0].partition(" stow")[0] for text in unled(lines, 4.0).splitlines()] == [
        "H01 H02 H04",
        "H03",
    ]


def test_a_sunspec_line_on_which_nobody_was_seen_counts_for_the_least():
    assert SunSpecBus(SimpleNamespace()).capabilities is MODEL_601


@pytest.fixture
def mixed_site(tmp_path, monkeypatch):
    """A native head and two of a protocol that knows no lease, each on a line of its own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    protocols = ("native", "easycomm2", "easycomm2")
    with ExitStack() as stack:
        lines = [
            stack.enter_context(SimulatorProcess([SimulatedDevice(address=1)], protocol=protocol))
            for protocol in protocols
        ]
        path = tmp_path / "site.toml"
        pairs = zip(lines, protocols, strict=True)
        path.write_text(
            SITE + "".join(BRIDGE.format(port=line.port, protocol=protocol) for line, protocol in pairs)
        )
        yield path


def test_a_run_says_at_its_start_what_its_protocols_lack_and_at_its_end_what_heads_do(mixed_site, inside):
    code, out, errors = inside("run", mixed_site, "--accept-simulated-wind", "--for", "0", "--json")
    assert code == 0
    started = json.loads(out.splitlines()[0])
    assert {concern["protocol"] for concern in started["concerns"]} == {"easycomm2"}
    assert {tuple(concern["heads"]) for concern in started["concerns"]} == {("H02", "H03")}
    before, _, after = errors.partition("run ended (the time is over); nobody leads its heads now\n")
    assert "take care, H02 H03 (easycomm2): no lease" in before
    assert "take care, H02 H03 (easycomm2): no lock" in before
    assert "H01 stow by themselves within 4 s;" in after
    assert "H02 H03 go to where they were told last and stay there, in wind too" in after
