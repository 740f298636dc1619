"""From registers to values: every type and order, ranges, compensation, and any registers at all."""

import math
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.instruments.decode import NoReading, Reading, Reason, decode, spans
from firmware_bridge.instruments.definition import Channel, Instrument, Kind
from firmware_bridge.instruments.generic import GENERIC, anemometer, irradiance
from firmware_bridge.instruments.gust import GustMeter
from firmware_bridge.instruments.table import instrument_from
from firmware_bridge.instruments.watch import Watch
from firmware_bridge.modbus.words import FORMATS, register_count, registers_of, value_of

BATCH = 500
BATCHES = 220


def wind(**channel):
    fields = {"address": 0, "type": "uint16", "low": 0.0, "high": 75.0, "scale": 0.1} | channel
    return Instrument(name="mast", kind=Kind.ANEMOMETER, unit=1, channels={"wind_m_s": Channel(**fields)})


def answer(instrument, *raw, at_s=0.0):
    return decode(instrument, dict(enumerate(raw)), at_s)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("words", ["big", "little"])
@pytest.mark.parametrize("octets", ["big", "little"])
def test_every_type_and_order_comes_back(kind, words, octets):
    value = 12345.5 if kind.startswith("float") else 12345
    registers = registers_of(value, kind, words=words, octets=octets)
    assert value_of(registers, kind, words=words, octets=octets) == value


def test_orders_are_those_that_manuals_call_abcd_cdab_badc_dcba():
    named = {("big", "big"): ">", ("little", "little"): "<"}
    for (words, octets), order in named.items():
        data = struct.pack(">2H", *registers_of(1234.5, "float32", words=words, octets=octets))
        assert data == struct.pack(order + "f", 1234.5)
    assert registers_of(0x0A0B0C0D, "uint32", words="little") == (0x0C0D, 0x0A0B)
    assert registers_of(0x0A0B0C0D, "uint32", octets="little") == (0x0B0A, 0x0D0C)


@pytest.mark.parametrize(
    ("value", "kind"), [(-1, "uint16"), (70_000, "uint16"), (math.nan, "int16"), (1e300, "float32")]
)
def test_a_number_that_does_not_fit_is_refused(value, kind):
    with pytest.raises(ValueError, match="does not fit"):
        registers_of(value, kind)


@pytest.mark.parametrize(
    ("raw", "reason"), [(750, None), (751, Reason.OUT_OF_RANGE), (0xFFFF, Reason.NO_VALUE), (0, None)]
)
def test_what_cannot_be_is_no_reading(raw, reason):
    got = answer(wind(missing=(0xFFFF,)), raw)
    assert (got.reason if isinstance(got, NoReading) else None) is reason


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_float_that_is_no_number_is_no_value(value):
    got = answer(wind(type="float32"), *registers_of(value, "float32"))
    assert got.reason is Reason.NO_VALUE


def test_a_warm_cell_gives_more_than_the_sun():
    """1 % at 20 degrees above 25 C and 0.05 % a degree."""
    got = answer(irradiance(), 10_100, 450)
    assert got.values["irradiance_w_m2"] == pytest.approx(1000.0)
    uncompensated = answer(replace(irradiance(), per_c=0.0), 10_100, 450)
    assert uncompensated.values["irradiance_w_m2"] == pytest.approx(1010.0)


def test_adjoining_registers_are_read_together_and_gaps_never():
    channels = {
        "wind_m_s": Channel(address=10, type="float32", low=0.0, high=75.0),
        "gust_m_s": Channel(address=12, type="uint16", low=0.0, high=75.0),
        "direction_deg": Channel(address=20, type="uint16", low=0.0, high=360.0),
    }
    mast = Instrument(name="mast", kind=Kind.ANEMOMETER, unit=1, channels=channels)
    assert spans(mast) == (range(10, 13), range(20, 21))


TABLE = {
    "name": "mast",
    "kind": "anemometer",
    "unit": 2,
    "function": 3,
    "words": "little",
    "channels": {"wind_m_s": {"address": 0, "type": "uint32", "scale": 0.01, "low": 0.0, "high": 60.0}},
}


def test_a_table_becomes_an_instrument():
    mast = instrument_from(TABLE)
    assert answer(mast, 1234, 0).values["wind_m_s"] == pytest.approx(12.34)
    assert (mast.unit, mast.function) == (2, 3)


def channel_with(**changes):
    return TABLE | {"channels": {"wind_m_s": TABLE["channels"]["wind_m_s"] | changes}}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (TABLE | {"unitt": 3}, "unitt"),
        (TABLE | {"unit": 248}, "248"),
        (TABLE | {"unit": 0}, "1 to 247"),
        (TABLE | {"function": 6}, "function is 6"),
        (TABLE | {"kind": "thermometer"}, "kind"),
        (TABLE | {"words": "middle"}, "words"),
        (TABLE | {"stale_after_s": 0.0}, "stale_after_s"),
        (TABLE | {"stale_after_s": math.nan}, "stale_after_s"),
        (TABLE | {"per_c": 0.1}, "temperature_c"),
        (TABLE | {"channels": {}}, "needs wind_m_s"),
        (channel_with(type="uint17"), "uint17"),
        (channel_with(sclae=2.0), "sclae"),
        (channel_with(scale=0.0), "scale"),
        (channel_with(scale=math.nan), "scale"),
        (channel_with(low=60.0), "below high"),
        (channel_with(high=math.inf), "finite"),
        (channel_with(address=65535), "address"),
        (channel_with(address=-1), "address"),
        (channel_with(frozen_after_s=0.0), "positive"),
        ({}, "name"),
    ],
)
def test_a_wrong_table_is_refused_with_its_key(table, says):
    with pytest.raises(ValueError, match=says):
        instrument_from(table)


def feed(watch, instrument, raws, step_s=10.0, start_s=0.0):
    return [watch.take(answer(instrument, raw, at_s=start_s + i * step_s)) for i, raw in enumerate(raws)]


def test_a_value_that_stays_too_long_is_frozen():
    mast = wind(frozen_after_s=60.0, frozen_while="always")
    got = feed(Watch([mast]), mast, [30, 31] + [40] * 8)
    assert [type(one) for one in got] == [Reading] * 8 + [NoReading] * 2
    assert got[-1].reason is Reason.FROZEN
    assert "4 for 70 s, limit 60 s" in got[-1].says


def test_a_value_that_moves_again_is_believed_again():
    mast = wind(frozen_after_s=60.0, frozen_while="always")
    assert isinstance(feed(Watch([mast]), mast, [40] * 8 + [41])[-1], Reading)


def test_standing_still_counts_only_while_others_move():
    mast, other = wind(frozen_after_s=60.0), replace(wind(), name="other", unit=2)
    watch = Watch([mast, other])
    assert isinstance(feed(watch, mast, [40] * 10)[-1], Reading)
    feed(watch, other, [1, 2], start_s=95.0)
    assert feed(watch, mast, [40], start_s=110.0)[-1].reason is Reason.FROZEN


def test_calm_may_last_longer_than_wind_but_not_for_ever():
    mast = wind(frozen_after_s=60.0, frozen_while="always", rests_at=0.0, rest_after_s=600.0)
    got = feed(Watch([mast]), mast, [0] * 65)
    assert [type(one) for one in got] == [Reading] * 60 + [NoReading] * 5


def test_what_was_never_asked_is_stale():
    mast = wind()
    assert Watch([mast]).latest("mast", 0.0).reason is Reason.STALE


def test_a_reading_from_the_future_is_none():
    mast = wind()
    watch = Watch([mast])
    watch.take(answer(mast, 30, at_s=50.0))
    assert isinstance(watch.latest("mast", 49.0), NoReading)


def test_a_gust_is_the_highest_three_second_mean_of_the_last_minute():
    meter = GustMeter(window_s=60.0)
    assert meter.gust() is None
    for second in range(10):
        meter.add(12.0 if 3 <= second < 6 else 3.0, float(second))
    assert meter.gust().gust_m_s == pytest.approx(12.0)
    meter.add(24.0, 9.5)  # a peak shorter than a gust: with three calm seconds it makes 8.25 m/s
    assert meter.gust().gust_m_s == pytest.approx(12.0)
    for second in range(10, 67):
        meter.add(3.0, float(second))
    assert meter.gust().gust_m_s == pytest.approx((3.0 + 3.0 + 3.0 + 24.0) / 4.0)
    for second in range(67, 75):
        meter.add(3.0, float(second))
    assert meter.gust().gust_m_s == pytest.approx(3.0)
    assert meter.gust().measured_s == 74.0


def test_a_sample_told_twice_counts_once():
    meter = GustMeter()
    for wind_m_s in (10.0, 2.0, 2.0):
        meter.add(wind_m_s, 1.0)
    assert meter.gust().gust_m_s == 10.0


def test_samples_further_apart_than_a_gust_each_are_one():
    meter = GustMeter()
    for second, wind_m_s in ((0.0, 3.0), (10.0, 14.0), (20.0, 3.0)):
        meter.add(wind_m_s, second)
    assert meter.gust().gust_m_s == 14.0


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=BATCHES, deadline=None)
def test_any_registers_are_a_believable_reading_or_none(seed):
    rng = np.random.default_rng(seed)
    kinds = sorted(FORMATS)
    for _ in range(BATCH):
        instrument = GENERIC[int(rng.integers(len(GENERIC)))]
        if instrument.kind is Kind.ANEMOMETER:
            kind = kinds[int(rng.integers(len(kinds)))]
            instrument = replace(
                anemometer(),
                words=("big", "little")[int(rng.integers(2))],
                channels={"wind_m_s": Channel(address=0, type=kind, low=0.0, high=75.0, scale=0.1)},
            )
        count = max(c.address + register_count(c.type) for c in instrument.channels.values())
        got = answer(instrument, *rng.integers(0, 0x10000, count).tolist())
        if isinstance(got, Reading):
            assert all(math.isfinite(value) for value in got.values.values())
            raw_in_range = {n: got.raw[n] * c.scale + c.offset for n, c in instrument.channels.items()}
            assert all(c.low <= raw_in_range[n] <= c.high for n, c in instrument.channels.items())
