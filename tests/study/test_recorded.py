"""Recorded heads as a row: what they know, what they yield, what they are compared over."""

from dataclasses import replace

import numpy as np
import pvlib
import pytest

from tracker.errors import InvalidInput
from tracker.frames import angle_between_deg, enu_from_azel
from tracker.plant import Site
from tracker.pv import Models
from tracker.study import compare, to_json_dict
from tracker.study.metering.common_span import common_span
from tracker.study.mountings.recorded import Recording, Track, in_weather_year, recorded_orientation
from tracker.study.setting import setting_of
from tracker.sun import sun_position

UP = np.array([0.0, 0.0, 1.0])
HOUR = np.timedelta64(3600, "s")
JUNE = slice(24 * 151, 24 * 181)  # of a year of hours
EXACT = 1e-9
PVLIB = 1e-6  # asked of the chain against pvlib, relative


@pytest.fixture(scope="module")
def weather(weather_of):
    return weather_of("shenzhen")


@pytest.fixture(scope="module")
def plant(plant_of, weather):
    return plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")


@pytest.fixture(scope="module")
def site(plant):
    return plant.site


def record(utc, normal_enu, drive_wh=None, name="recorded"):
    normals = np.broadcast_to(normal_enu, (utc.size, 3))
    return Recording(
        name=name, source="a.csv", tracks=(Track(utc=utc, normal_enu=normals, drive_wh=drive_wh),)
    )


def sun_facing(utc, site: Site):
    sun = sun_position(utc, site)
    return np.where(sun.apparent_elevation_deg[:, None] > 0.0, sun.direction_enu, UP)


def net_kwh(comparison, name, utc):
    row, kept = comparison.result(name), np.isin(comparison.weather.utc, utc)
    return float(np.sum(row.net_wh[kept])) / 1000.0


def test_the_sunflowers_own_normals_yield_what_the_sunflower_yields(comparison_of, plant_of, weather):
    chosen = {"mountings": ("flat", "sunflower"), "claim_over": "flat"}
    row = comparison_of("shenzhen", **chosen).result("sunflower")
    way = row.orientation
    done = compare(
        plant_of(weather, **chosen), weather, recordings=[record(weather.utc, way.normal_enu, way.drive_wh)]
    )
    mine = done.result("recorded")
    assert mine.ac_kwh == pytest.approx(row.ac_kwh, rel=EXACT)
    assert mine.poa_kwh_m2 == pytest.approx(row.poa_kwh_m2, rel=EXACT)
    assert done.result("sunflower").net_kwh == row.net_kwh
    an_hours_moves_kwh = 4 * float(way.drive_wh.max()) / 1000.0  # first and last sample bound no interval
    assert mine.drive_kwh == pytest.approx(row.drive_kwh, abs=an_hours_moves_kwh)
    left = {step.name: step.kwh for step in mine.steps}
    theirs = {step.name: step.kwh for step in row.steps}
    assert left["inverter"] == pytest.approx(theirs["inverter"], rel=EXACT)


def test_level_heads_far_from_each_other_are_flat_modules(plant, weather):
    done = compare(plant, weather, recordings=[record(weather.utc, UP)])
    assert done.result("recorded").net_kwh == pytest.approx(done.result("flat").net_kwh, rel=1e-5)
    assert done.result("recorded").poa_kwh_m2 == pytest.approx(done.result("flat").poa_kwh_m2, rel=EXACT)
    assert done.left_out_steps == 0


def test_a_head_stuck_at_noon_loses_what_pvlib_says(plant, weather, site):
    utc = weather.utc[JUNE]
    held = sun_facing(utc, site)
    noon = 24 * 10 + 12  # 12:30 local
    held[noon:] = held[noon]
    done = compare(plant, weather, recordings=[record(utc, held)])
    lost = done.result("two_axis_sun_facing").poa_kwh_m2 - done.result("recorded").poa_kwh_m2
    assert lost == pytest.approx(pvlib_poa_kwh_m2(weather, site, utc, stuck_from=noon), rel=PVLIB)
    gain = done.gain("recorded", "two_axis_sun_facing")
    assert gain.poa_percent == pytest.approx(-100.0 * lost / done.result("two_axis_sun_facing").poa_kwh_m2)


def pvlib_poa_kwh_m2(weather, site, utc, stuck_from):
    """What pvlib's Perez sky loses on a plane that stays where the sun stood at one hour, kWh/m2."""
    angles = sun_position(utc, site)
    up = angles.apparent_elevation_deg > 0.0
    zenith, azimuth = 90.0 - angles.apparent_elevation_deg, angles.azimuth_deg
    ghi, dni, dhi = (
        getattr(weather, f"{name}_w_m2")[np.isin(weather.utc, utc)] for name in ("ghi", "dni", "dhi")
    )
    extra = pvlib.irradiance.get_extra_radiation(
        (utc - utc.astype("datetime64[Y]").astype(utc.dtype)).astype("timedelta64[D]").astype(int) + 1
    )

    def poa(tilt, toward):
        return pvlib.irradiance.get_total_irradiance(
            tilt, toward, zenith[up], azimuth[up], dni[up], ghi[up], dhi[up],
            dni_extra=extra[up], airmass=pvlib.atmosphere.get_relative_airmass(zenith[up]),
            albedo=site.albedo, model="perez",
        )["poa_global"].sum()  # fmt: skip

    stuck = np.arange(utc.size) >= stuck_from
    tilt, toward = np.where(stuck, zenith[stuck_from], zenith), np.where(stuck, azimuth[stuck_from], azimuth)
    return (poa(zenith[up], azimuth[up]) - poa(tilt[up], toward[up])) / 1000.0


def test_only_what_was_recorded_counts_and_for_all_alike(plant, weather, site):
    whole = compare(plant, weather)
    utc = weather.utc[JUNE]
    done = compare(plant, weather, recordings=[record(utc, sun_facing(utc, site))])
    for name in ("flat", "two_axis_sun_facing"):
        assert done.result(name).net_kwh == pytest.approx(net_kwh(whole, name, utc), rel=EXACT)
    assert done.weather.utc.size == 30 * 24
    assert done.left_out_steps == weather.utc.size - 30 * 24
    assert done.records[0].outside_steps == done.left_out_steps
    assert done.records[0].unknown_steps == 0


def test_a_silent_recorder_leaves_its_daylight_out_for_all_alike(plant, weather, site):
    utc = weather.utc[JUNE]
    day = np.flatnonzero(sun_position(utc, site).apparent_elevation_deg > 0.0)
    silent = day[20:26]
    heard = np.delete(utc, silent)
    done = compare(plant, weather, recordings=[record(heard, sun_facing(heard, site))])
    assert done.records[0].unknown_steps == silent.size
    assert not np.isin(utc[silent], done.weather.utc).any()
    whole = compare(plant, weather)
    assert done.result("flat").net_kwh == pytest.approx(net_kwh(whole, "flat", heard), rel=EXACT)


def test_nights_without_samples_are_no_loss(plant, weather, site):
    utc = weather.utc[JUNE]
    up = sun_position(utc, site).apparent_elevation_deg > 0.0
    by_day = record(utc[up], sun_facing(utc[up], site))
    done = compare(plant, weather, recordings=[by_day])
    assert done.records[0].unknown_steps == 0
    always = compare(plant, weather, recordings=[record(utc, sun_facing(utc, site))])
    assert done.result("recorded").poa_kwh_m2 == pytest.approx(
        always.result("recorded").poa_kwh_m2, rel=EXACT
    )


def test_a_fast_recorder_bridges_a_quarter_of_an_hour_and_no_more(plant, weather, site):
    setting = setting_of(plant, weather, Models())
    noon = weather.utc[24 * 160 + 12]
    near = np.arange(-1800, 1801, 10).astype("timedelta64[s]")
    for silent_s, kept in ((890, 1), (920, 0)):
        utc = noon + near[np.abs(near.astype(int)) >= silent_s / 2]
        track = Track(utc=utc, normal_enu=np.broadcast_to(UP, (utc.size, 3)))
        recording = Recording(name="recorded", source="a.csv", tracks=(track,))
        if kept:
            assert common_span(setting, [recording]).setting.intervals == 1
        else:
            with pytest.raises(InvalidInput, match=r"a\.csv"):
                common_span(setting, [recording])


def test_between_samples_the_normal_turns_evenly_on_a_great_circle(plant, weather):
    setting = setting_of(plant, weather, Models())
    centre = weather.utc[24 * 160 + 12]
    ends = enu_from_azel([90.0, 200.0], [30.0, 70.0])
    whole_deg = float(angle_between_deg(*ends))
    for before_s, after_s in ((300, 300), (100, 500), (0, 600)):
        utc = np.array([centre - np.timedelta64(before_s, "s"), centre + np.timedelta64(after_s, "s")])
        recording = record(utc, ends)
        span = common_span(setting, [recording])
        normal = recorded_orientation(recording, span.setting).normal_enu[0]
        assert np.linalg.norm(normal) == pytest.approx(1.0, abs=1e-12)
        assert float(angle_between_deg(ends[0], normal)) == pytest.approx(
            whole_deg * before_s / 600, abs=1e-9
        )
        assert float(normal @ np.cross(*ends)) == pytest.approx(0.0, abs=1e-12)


def test_heads_that_go_their_own_ways_yield_their_mean(plant, weather, site):
    utc = weather.utc[JUNE]
    good, level = sun_facing(utc, site), np.broadcast_to(UP, (utc.size, 3))
    tracks = tuple(Track(utc=utc, normal_enu=normals) for normals in (good, good, level, good))
    done = compare(plant, weather, recordings=[Recording(name="recorded", source="a.csv", tracks=tracks)])
    facing, flat = done.result("two_axis_sun_facing"), done.result("flat")
    mixed = 0.75 * facing.poa_kwh_m2 + 0.25 * flat.poa_kwh_m2
    assert done.result("recorded").poa_kwh_m2 == pytest.approx(mixed, rel=EXACT)
    assert done.result("recorded").orientation.normal_enu.shape == (4, utc.size, 3)
    assert done.records[0].heads == 4


def test_an_interval_counts_only_where_every_head_is_known(plant, weather, site):
    utc = weather.utc[JUNE]
    normals = sun_facing(utc, site)
    whole = Track(utc=utc, normal_enu=normals)
    late = Track(utc=utc[48:], normal_enu=normals[48:])
    done = compare(
        plant,
        weather,
        recordings=[Recording(name="recorded", source="a.csv", tracks=(whole, late, whole, whole))],
    )
    assert done.weather.utc[0] == utc[48]
    with pytest.raises(InvalidInput, match="2 heads are recorded, the array has 4"):
        compare(plant, weather, recordings=[Recording(name="r", source="a.csv", tracks=(whole, late))])


def test_a_record_is_paired_with_every_modelled_row(plant, weather, site):
    utc = weather.utc[JUNE]
    records = [
        record(utc, sun_facing(utc, site), name="recorded:repaired"),
        record(utc, UP, name="recorded:stuck"),
    ]
    done = compare(plant, weather, recordings=records)
    pairs = {(gain.of, gain.over) for gain in done.gains if gain.of.startswith("recorded")}
    assert pairs == {(r.name, row) for r in records for row in ("flat", "two_axis_sun_facing")}
    assert done.gain("recorded:stuck", "two_axis_sun_facing").net_percent < -1.0
    assert done.gain("recorded:repaired", "two_axis_sun_facing").net_percent == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(InvalidInput, match="two records are called 'recorded:stuck'"):
        compare(plant, weather, recordings=[records[1], records[1]])


def test_moves_that_nobody_recorded_are_not_counted_and_it_is_said(plant, weather):
    utc = weather.utc[JUNE]
    silent = compare(plant, weather, recordings=[record(utc, UP)])
    assert silent.result("recorded").drive_kwh == 0.0
    assert not silent.records[0].drive_counted
    told = compare(plant, weather, recordings=[record(utc, UP, drive_wh=np.full(utc.size, 2.0))])
    hours = utc.size - 1  # half an hour before the first sample and after the last nobody knows
    assert told.result("recorded").drive_kwh == pytest.approx(4 * (hours * 2.0 + utc.size * 4.0) / 1000.0)
    assert told.records[0].drive_counted


def test_another_year_is_refused_unless_dates_are_moved(plant, weather, site):
    utc = weather.utc[JUNE] + 365 * 24 * HOUR
    elsewhere = record(utc, sun_facing(utc, site))
    with pytest.raises(InvalidInput, match="--recorded-any-year"):
        compare(plant, weather, recordings=[elsewhere])
    moved = in_weather_year(elsewhere, weather)
    assert (moved.tracks[0].utc == weather.utc[JUNE]).all()
    assert compare(plant, weather, recordings=[moved]).weather.utc.size == utc.size


def test_leap_days_find_no_place_and_a_winter_keeps_its_dates(weather):
    new_year = np.datetime64("2024-01-01T00:30", "s") - 8 * HOUR  # local midnight, UTC+8
    utc = new_year + np.arange(-48, 24 * 70) * HOUR
    assert weather.local_year[0] not in (2023, 2024)
    moved = in_weather_year(record(utc, UP), weather).tracks[0]
    assert moved.utc.size == utc.size - 24
    assert (np.diff(moved.utc) > np.timedelta64(0, "s")).all()
    assert np.isin(moved.utc, weather.utc).all()
    assert np.isin(weather.utc[-48:], moved.utc).all()  # its last days of December
    with pytest.raises(InvalidInput, match="cut it to 365 days"):
        in_weather_year(record(new_year + np.arange(0, 9000) * HOUR, UP), weather)


def test_records_enter_the_hash_and_the_document(plant, weather):
    utc = weather.utc[JUNE]
    without = compare(plant, weather)
    one, other = (compare(plant, weather, recordings=[record(utc, n)]) for n in (UP, [0.0, 0.6, 0.8]))
    assert len({without.inputs_sha256, one.inputs_sha256, other.inputs_sha256}) == 3
    elsewhere = replace(record(utc, UP), source="b.csv")
    assert compare(plant, weather, recordings=[elsewhere]).inputs_sha256 == one.inputs_sha256
    assert "recordings" not in to_json_dict(without)
    said = to_json_dict(one)["recordings"]
    assert (said["compared_steps"], said["left_out_steps"]) == (720, weather.utc.size - 720)
    assert said["records"][0]["source"] == "a.csv"
    assert said["records"][0]["bridged_s"] == 5400.0


def test_what_was_mended_is_told_of_the_whole_series(plant, weather):
    mended = replace(weather, filled_steps=1000)
    done = compare(plant, mended, recordings=[record(weather.utc[JUNE], UP)])
    said = to_json_dict(done)["weather"]
    assert (said["steps"], said["filled_steps"]) == (720, 1000)
    assert any("1,000 of 8,760" in note for note in said["notes"])


def told_off(plant, weather, normal_enu, utc):
    (summary,) = compare(plant, weather, recordings=[record(utc, normal_enu)]).records
    return summary.off_sun_deg, " ".join(summary.notes)


def test_a_record_on_the_sun_says_so_and_asks_nothing(plant, weather, site):
    utc = weather.utc[JUNE]
    off_deg, said = told_off(plant, weather, sun_facing(utc, site), utc)
    assert off_deg == pytest.approx(0.0, abs=1e-6)
    assert said == "it is 0.0 deg off the sun on average while the sun is up"


def misread(utc, site, way):
    sun = sun_position(utc + np.timedelta64(7, "h") if way == "zone" else utc, site)
    angles = (sun.azimuth_deg, sun.elevation_deg)
    angles = {
        "zone": angles,
        "radians": (np.radians(angles[0]), np.radians(angles[1])),
        "south": (angles[0] - 180.0, angles[1]),
    }[way]
    return enu_from_azel(*angles)


@pytest.mark.parametrize("way", ["zone", "radians", "south"])
def test_a_misread_record_is_asked_for_zone_unit_and_convention(plant, weather, site, way):
    utc = weather.utc[JUNE]
    normal_enu = misread(utc, site, way)
    sun = sun_position(utc, site)
    up = sun.apparent_elevation_deg > 0.0
    wanted = angle_between_deg(normal_enu[up], sun.direction_enu[up]).mean()
    off_deg, said = told_off(plant, weather, normal_enu, utc)
    assert off_deg == pytest.approx(wanted, rel=1e-3)
    assert f"{off_deg:.1f} deg off the sun on average" in said
    assert "more than 20 deg: are its times' zone, its unit (degrees) and its convention (azimuth" in said
