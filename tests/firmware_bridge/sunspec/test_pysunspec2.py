"""The reference client of the SunSpec Alliance reads and writes our server."""

import json
from pathlib import Path

import pytest
import sunspec2
from sunspec2.modbus.client import SunSpecModbusClientDeviceRTU, SunSpecModbusClientDeviceTCP
from sunspec2.modbus.modbus import ModbusClientException

from firmware_bridge.dialects.sunspec import models
from firmware_bridge.dialects.sunspec.array import Order, Target
from firmware_bridge.dialects.sunspec.layout import Layout
from firmware_bridge.dialects.sunspec.model_json import definition_text
from firmware_bridge.dialects.sunspec.model_tables import tables_text
from firmware_bridge.dialects.sunspec.points import UNIMPLEMENTED

SHIPPED = Path(sunspec2.__file__).parent / "models" / "json"
DEFINITIONS = Path(__file__).resolve().parents[3] / "docs" / "sunspec"
RESOLUTION_DEG = 0.001


@pytest.fixture(params=["tcp", "rtu"])
def peer(request, array, watch, serve):
    """The client, scanned, over Modbus TCP and over RTU on a pair of ptys."""
    sunspec2.device.set_model_defs_path([str(DEFINITIONS), str(SHIPPED.parent)])
    if request.param == "tcp":
        server, _ = serve(array, watch)
        device = SunSpecModbusClientDeviceTCP(slave_id=1, ipaddr="127.0.0.1", ipport=server.port, timeout=5.0)
        device.connect()
    else:
        cable = request.getfixturevalue("cable")
        serve(array, watch, listen=cable.server_port)
        device = SunSpecModbusClientDeviceRTU(slave_id=1, name=cable.client_port, baudrate=19200, timeout=5.0)
    device.scan(connect=False)
    yield device
    device.disconnect()
    device.close()


def shipped(number):
    return json.loads((SHIPPED / f"model_{number}.json").read_text())


def flattened(group):
    yield from group["points"]
    for inner in group.get("groups", []):
        yield from inner["points"]


@pytest.mark.parametrize("model", [models.COMMON, models.TRACKERS], ids=["1", "601"])
def test_our_tables_of_the_standard_models_are_the_shipped_ones(model):
    ours = [
        (p.name, p.kind, p.registers, p.scale or None, p.writable)
        for p in (*model.points, *model.tracker_points)
    ]
    theirs = [
        (p["name"], p["type"], p["size"], p.get("sf"), p.get("access") == "RW")
        for p in flattened(shipped(model.number)["group"])
        if p["name"] not in ("ID", "L")
    ]
    if model is models.COMMON:
        theirs = [(*p[:4], False) for p in theirs]  # our unit id is not set over the line
    assert ours == theirs


def test_our_symbols_of_601_are_the_shipped_ones():
    symbols = {
        p["name"]: {s["name"]: s["value"] for s in p["symbols"]}
        for p in flattened(shipped(601)["group"])
        if "symbols" in p
    }
    assert sorted(models.Control) == sorted(symbols["Ctl"].values()) == sorted(symbols["GlblCtl"].values())
    assert {bit: models.Alarm(1 << bit).name for bit in symbols["Alm"].values()} == {
        symbols["Alm"]["SetPoint"]: "SET_POINT",
        symbols["Alm"]["ObsEl"]: "OBSTRUCTED_ELEVATION",
        symbols["Alm"]["ObsAz"]: "OBSTRUCTED_AZIMUTH",
    }


def test_unimplemented_values_are_those_of_pysunspec2():
    for kind, value in UNIMPLEMENTED.items():
        if kind != "pad":
            assert sunspec2.mb.unimpl_value[kind] == value


def test_the_committed_definition_is_fresh():
    path = DEFINITIONS / f"model_{models.VENDOR.number}.json"
    assert path.read_text() == definition_text(models.VENDOR)


def test_the_committed_tables_are_fresh_and_say_where_things_stand():
    text = (DEFINITIONS / "registers.md").read_text()
    assert text == tables_text()
    layout = Layout(models.MODELS, 3)
    first = {m.number: layout.place(m, "ID").address for m in models.MODELS}
    assert f"Its ID stands at {first[601]}." in text
    assert f"Its ID stands at {first[64601] - 22 * 3} + 22 N." in text


def test_it_finds_the_three_models(peer):
    assert [number for number in peer.models if isinstance(number, int)] == [1, 601, 64601]
    for model in peer.model_list:
        assert model.error_info == ""


def test_it_reads_what_the_array_reports(peer):
    common, trackers, ours = peer.common[0], peer.tracker_controller[0], peer.sunflower_array[0]
    assert common.Mn.value == "Sunflower"
    assert (trackers.Nam.value, trackers.DtLoc.value, trackers.TmLoc.value, trackers.Day.value) == (
        "field",
        "20260621",
        "115930",
        172,
    )
    assert trackers.N.value == 3 == len(trackers.tracker)
    second = trackers.tracker[1]
    assert second.Id.value == "H02"
    assert second.AzPos.cvalue == pytest.approx(180.5, abs=RESOLUTION_DEG)  # -179.5, from true north
    assert second.ElPos.cvalue == pytest.approx(45.25, abs=RESOLUTION_DEG)
    assert second.ElCtl.value is None
    assert ours.WndGst.cvalue == pytest.approx(4.2)
    assert ours.WndAge.cvalue == pytest.approx(1.5)
    assert ours.tracker[2].St.value == models.TrackerState.AUTOMATIC
    assert ours.tracker[2].Flg.value == models.Flag.POSITION_TRUSTED | models.Flag.DRIVE_ENABLED


def test_it_points_one_tracker(peer, array):
    tracker = peer.tracker_controller[0].tracker[1]
    tracker.ElCtl.cvalue, tracker.AzCtl.cvalue, tracker.Ctl.value = 30.0, 120.0, 1
    peer.tracker_controller[0].write()
    assert array.orders == [(Order.POINT, (1,), Target(azimuth_deg=120.0, elevation_deg=30.0))]
    peer.tracker_controller[0].read()
    assert [t.Ctl.value for t in peer.tracker_controller[0].tracker] == [0, 1, 0]
    assert peer.tracker_controller[0].tracker[1].AzPos.cvalue == pytest.approx(120.0)


def test_it_points_all_and_gives_them_back(peer, array):
    model = peer.tracker_controller[0]
    model.GlblElCtl.cvalue, model.GlblAzCtl.cvalue, model.GlblCtl.value = 20.0, 90.0, 1
    model.write()
    model.GlblCtl.value = 0
    model.GlblCtl.write()
    assert [(order, who) for order, who, _ in array.orders] == [
        (Order.POINT, (0, 1, 2)),
        (Order.RESUME, (0, 1, 2)),
    ]


@pytest.mark.parametrize(
    ("point", "value"),
    [("ElCtl", 95_000), ("AzCtl", -1), ("Ctl", 3), ("Ctl", 0xFFFF), ("ElCtl", -0x80000000), ("Ctl", 1)],
)
def test_it_is_told_of_values_that_cannot_be(peer, array, point, value):
    """Mode 1 cannot be either, while no set point stands there."""
    written = getattr(peer.tracker_controller[0].tracker[0], point)
    written.value = value
    with pytest.raises(ModbusClientException, match="3"):
        peer.tracker_controller[0].write()
    assert array.orders == []
    peer.tracker_controller[0].read()
    assert peer.tracker_controller[0].tracker[0].ElCtl.value is None


def test_it_stows_and_stops_through_our_block(peer, array):
    ours = peer.sunflower_array[0]
    ours.StwCtl.value = 1
    ours.StwCtl.write()
    ours.read()
    assert ours.StwRsn.value == models.StowReason.SCADA
    ours.StpCtl.value = 1
    ours.StpCtl.write()
    ours.StpCtl.value = 0
    with pytest.raises(ModbusClientException, match="6"):
        ours.StpCtl.write()
    assert [order for order, _, _ in array.orders] == [Order.STOW, Order.STOP]


def test_a_map_as_large_as_the_addresses_is_refused_by_size():
    Layout(models.MODELS, 800)
    with pytest.raises(ValueError, match="split them"):
        Layout(models.MODELS, 1000)
