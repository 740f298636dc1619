"""Instruments on a real line: read, broken in every way, and checked before anything moves."""

import math
import random
import select
import threading
from dataclasses import replace

import pytest

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.instruments.bus import InstrumentBus, InstrumentPoller
from firmware_bridge.instruments.check import check_instruments
from firmware_bridge.instruments.decode import NoReading, Reading, Reason
from firmware_bridge.instruments.definition import Channel, Kind
from firmware_bridge.instruments.generic import GENERIC, anemometer, inclinometer, sun_sensor
from firmware_bridge.instruments.simulated import STANDING, Fault, SimulatedInstrument, serve_instruments
from firmware_bridge.modbus.line import LineSettings, open_line
from firmware_bridge.modbus.pty_cable import PtyCable

SAID = {
    Fault.SILENT: Reason.SILENT,
    Fault.EXCEPTION: Reason.EXCEPTION,
    Fault.OUT_OF_RANGE: Reason.OUT_OF_RANGE,
}


def test_all_four_are_read_with_their_time(line):
    answers = line.poll()
    assert all(isinstance(answer, Reading) for answer in answers.values())
    assert {answer.measured_s for answer in answers.values()} == {line.watch.now_s}
    for instrument in GENERIC:
        for name, value in answers[instrument.name].values.items():
            step = abs(instrument.channels[name].scale)
            assert value == pytest.approx(STANDING[instrument.kind][name], abs=step / 2.0)


@pytest.mark.parametrize("fault", SAID)
@pytest.mark.parametrize("name", [instrument.name for instrument in GENERIC])
def test_a_broken_instrument_gives_no_reading_and_the_others_go_on(tcp_line, name, fault):
    tcp_line.by_name[name].fault = fault
    answers = tcp_line.poll()
    assert isinstance(answers.pop(name), NoReading)
    assert tcp_line.bus.latest()[name].reason is SAID[fault]
    assert all(isinstance(answer, Reading) for answer in answers.values())
    tcp_line.by_name[name].fault = Fault.NONE
    assert isinstance(tcp_line.poll(after_s=6.0)[name], Reading)


@pytest.mark.parametrize("fault", SAID)
def test_a_broken_instrument_on_a_pty_gives_no_reading(pty_line, fault):
    pty_line.by_name["anemometer"].fault = fault
    answers = pty_line.poll()
    assert answers["anemometer"].reason is SAID[fault]
    assert isinstance(answers["irradiance"], Reading)
    pty_line.by_name["anemometer"].fault = Fault.NONE
    assert isinstance(pty_line.poll(after_s=6.0)["anemometer"], Reading)


def test_an_instrument_that_has_no_value_says_so(tcp_line):
    tcp_line.by_name["anemometer"].fault = Fault.NO_VALUE
    answer = tcp_line.poll()["anemometer"]
    assert answer.reason is Reason.NO_VALUE
    assert "raw 65535" in answer.says


def test_a_frozen_anemometer_is_missing_wind_and_missing_wind_is_no_gust(tcp_line):
    rng = random.Random(3)
    tcp_line.by_name["anemometer"]._source = lambda _now_s: {"wind_m_s": 3.0 + 4.0 * rng.random()}
    assert tcp_line.bus.gust("anemometer") is None
    for _ in range(5):
        tcp_line.poll()
        assert tcp_line.bus.gust("anemometer").measured_s == tcp_line.watch.now_s
    assert 3.0 < tcp_line.bus.gust("anemometer").gust_m_s < 7.0
    tcp_line.by_name["anemometer"].fault = Fault.FROZEN
    frozen_s = next(step for step in range(1000) if isinstance(tcp_line.poll()["anemometer"], NoReading))
    assert frozen_s == pytest.approx(600, abs=2)
    assert tcp_line.bus.latest()["anemometer"].reason is Reason.FROZEN
    assert tcp_line.bus.gust("anemometer") is None


def test_a_reading_grows_stale_when_nobody_asks(tcp_line):
    tcp_line.poll()
    tcp_line.watch.now_s += 6.0
    answers = tcp_line.bus.latest()
    assert answers["anemometer"].reason is Reason.STALE
    assert "6.0 s old, limit 5 s" in answers["anemometer"].says
    assert isinstance(answers["inclinometer"], Reading)


def test_a_silent_instrument_is_not_asked_at_every_turn(tcp_line):
    asked = []
    read = tcp_line.bus._line.read
    tcp_line.bus._line.read = lambda unit, *rest: (asked.append(unit), read(unit, *rest))[1]
    tcp_line.by_name["sun sensor"].fault = Fault.SILENT
    for _ in range(4):
        tcp_line.poll()
    assert asked.count(2) == 1
    assert asked.count(1) == 4


def test_a_line_that_comes_back_is_used_again(watch):
    units = {1: SimulatedInstrument(anemometer())}
    server = serve_instruments(units, "tcp:0", watch)
    bus = InstrumentBus(open_line(f"socket://127.0.0.1:{server.port}"), [anemometer()], watch)
    assert isinstance(bus.poll()["anemometer"], Reading)
    server.close()
    watch.now_s += 6.0
    assert bus.poll()["anemometer"].reason is Reason.SILENT
    again = serve_instruments(units, f"tcp:{server.port}", watch)
    watch.now_s += 6.0
    assert isinstance(bus.poll()["anemometer"], Reading)
    bus.close()
    again.close()


def test_a_line_that_may_be_away_is_used_once_it_is_there(watch):
    units = {1: SimulatedInstrument(anemometer())}
    server = serve_instruments(units, "tcp:0", watch)
    server.close()
    url = f"socket://127.0.0.1:{server.port}"
    with pytest.raises(PortUnavailable):
        open_line(url)
    bus = InstrumentBus(open_line(url, may_be_away=True), [anemometer()], watch)
    assert bus.poll()["anemometer"].reason is Reason.SILENT
    there = serve_instruments(units, f"tcp:{server.port}", watch)
    watch.now_s += 6.0
    assert isinstance(bus.poll()["anemometer"], Reading)
    bus.close()
    there.close()


def test_the_check_passes_a_line_that_is_alive(line):
    findings = check_instruments(line.bus, needed=tuple(Kind))
    assert all(finding.usable for finding in findings)
    assert "wind_m_s 3 (limits 0 to 75)" in findings[0].says


def test_the_check_names_what_is_wrong_with_value_limit_and_next_action(tcp_line):
    tcp_line.by_name["anemometer"].fault = Fault.OUT_OF_RANGE
    tcp_line.by_name["sun sensor"].fault = Fault.SILENT
    tcp_line.by_name["inclinometer"].fault = Fault.EXCEPTION
    range_, silent, exception, fine = check_instruments(tcp_line.bus)
    assert (range_.usable, silent.usable, exception.usable, fine.usable) == (False, False, False, True)
    assert "82.5" in range_.says
    assert "limits 0 to 75" in range_.says
    assert "unit id" in silent.next_action
    assert "exception 4" in exception.says


def test_the_check_misses_an_anemometer_that_nobody_described(watch, tcp_line):
    bus = InstrumentBus(tcp_line.bus._line, [inclinometer()], watch)
    assert [finding.usable for finding in check_instruments(bus)] == [True, False]


def test_two_instruments_may_not_share_a_unit_or_a_name(watch):
    with pytest.raises(ValueError, match="unit id 1"):
        InstrumentBus(None, [anemometer(), sun_sensor(unit=1)], watch)
    with pytest.raises(ValueError, match="name anemometer"):
        InstrumentBus(None, [anemometer(), sun_sensor(name="anemometer")], watch)


def test_a_gust_that_the_instrument_measured_itself_counts(watch):
    wind = Channel(address=0, type="uint16", low=0.0, high=75.0, scale=0.1)
    mast = replace(anemometer(), channels={"wind_m_s": wind, "gust_m_s": replace(wind, address=1)})
    unit = SimulatedInstrument(mast, lambda _now_s: {"wind_m_s": 5.0, "gust_m_s": 13.0})
    with serve_instruments({1: unit}, "tcp:0", watch) as server:
        bus = InstrumentBus(open_line(f"socket://127.0.0.1:{server.port}"), [mast], watch)
        bus.poll()
        assert bus.gust("anemometer").gust_m_s == 13.0
        bus.close()


def test_a_thread_asks_for_those_who_only_look(watch):
    asked = threading.Event()
    unit = SimulatedInstrument(anemometer(), lambda _now_s: (asked.set(), {"wind_m_s": 4.0})[1])
    with serve_instruments({1: unit}, "tcp:0", watch) as server:
        bus = InstrumentBus(open_line(f"socket://127.0.0.1:{server.port}"), [anemometer()], watch)
        with InstrumentPoller(bus, every_s=0.01):
            asked.wait(timeout=10.0)
            asked.clear()
            asked.wait(timeout=10.0)  # the first answer has been taken by now
            assert bus.gust("anemometer").gust_m_s == pytest.approx(4.0)
        watch.now_s += 6.0
        assert bus.gust("anemometer") is None


def test_the_link_of_a_cable_is_taken_away_with_it(tmp_path):
    link = tmp_path / "rs485"
    with PtyCable(str(link)) as cable:
        assert cable.client_port == str(link)
        assert link.is_symlink()
    assert not link.is_symlink()


def test_a_source_drives_a_simulated_instrument(watch):
    unit = SimulatedInstrument(anemometer(), lambda now_s: {"wind_m_s": now_s / 10.0})
    assert unit.read(4, 0, 1, 50.0) == [50]
    assert math.isclose(unit.read(4, 0, 1, 70.0)[0], 70)


class EchoCable(PtyCable):
    """An RS-485 adapter that hears what it sends."""

    def _carry(self):
        while True:
            ends = [self._client.descriptor, self._server.descriptor, self._woken]
            ready, _, _ = select.select(ends, [], [])
            if self._woken in ready:
                return
            if self._client.descriptor in ready:
                sent = self._client.read()
                self._client.write(sent)
                self._server.write(sent)
            if self._server.descriptor in ready:
                self._client.write(self._server.read())


def polled(cable, watch, *, echo):
    """What an anemometer's bus has after one round on a cable."""
    settings = LineSettings(timeout_s=0.6, retries=0, echo=echo)
    bus = InstrumentBus(open_line(cable.client_port, settings), [anemometer()], watch)
    answer = bus.poll()["anemometer"]
    bus.close()
    return answer


def test_an_echoing_adapter_is_tolerated_when_told(watch):
    with (
        EchoCable() as cable,
        serve_instruments({1: SimulatedInstrument(anemometer())}, cable.server_port, watch),
    ):
        assert isinstance(polled(cable, watch, echo=True), Reading)


def test_an_echo_is_never_read_as_an_answer(watch):
    with EchoCable() as cable:
        assert isinstance(polled(cable, watch, echo=False), NoReading)
