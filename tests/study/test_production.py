"""A meter against the model: what is compared, the ratios of IEC 61724-1, and the name of the difference."""

import numpy as np
import pvlib
import pytest

from tracker.errors import InvalidInput
from tracker.study import compare, to_json_dict
from tracker.study.metering.metered import Metered, metered_in_weather_year
from tracker.study.mountings.recorded import Recording, Track

KWP = 10.0  # four heads
EXACT = 1e-9
HALF_HOUR = np.timedelta64(1800, "s")
SPRING = slice(24 * 59, 24 * 151)  # March to May, local


@pytest.fixture(scope="module")
def weather(weather_of):
    return weather_of("shenzhen")


@pytest.fixture(scope="module")
def plant(plant_of, weather):
    return plant_of(weather, mountings=("flat", "sunflower"), claim_over="flat")


@pytest.fixture(scope="module")
def year(comparison_of):
    return comparison_of("shenzhen", mountings=("flat", "sunflower"), claim_over="flat")


@pytest.fixture(scope="module")
def hourly(year, weather):
    """A meter of the sunflower that counts what the model says, or a share of it."""

    def make(rows=slice(None), share=1.0, name="sunflower"):
        utc = weather.utc[rows]
        energy_kwh = share * year.result(name).net_wh[rows] / 1000.0
        return meter(utc - HALF_HOUR, utc + HALF_HOUR, energy_kwh)

    return make


def meter(start, end, energy_kwh, missing=0):
    return Metered(
        source="meter.csv", start_utc=start, end_utc=end, energy_kwh=energy_kwh, missing_intervals=missing
    )


def test_a_plant_that_is_the_model_has_the_models_ratios(plant, weather, hourly, year):
    found = compare(plant, weather, metered=hourly()).production
    row, whole = year.result("sunflower"), found.whole
    assert found.of == "sunflower"
    assert whole.measured_kwh == pytest.approx(row.net_kwh, rel=EXACT)
    assert whole.difference_percent == pytest.approx(0.0, abs=1e-9)
    assert whole.finding == "within"
    wanted = (row.net_kwh / KWP) / row.poa_kwh_m2  # (E / P0) / (H / 1 kW/m2)
    assert whole.performance_ratio == pytest.approx(wanted, rel=EXACT)
    assert whole.modelled_performance_ratio == pytest.approx(wanted, rel=EXACT)
    assert whole.hours == 8760.0
    assert [month.measured_kwh for month in found.months] == pytest.approx(list(row.monthly_kwh), rel=EXACT)
    assert [month.name for month in found.months] == [f"2022-{number:02d}" for number in range(1, 13)]


def test_the_corrected_ratio_is_the_standards_formula_with_pvlibs_cells(plant, weather, hourly, year):
    found = compare(plant, weather, metered=hourly(SPRING, 0.9)).production
    row = year.result("flat")
    flat = compare(plant, weather, metered=hourly(SPRING, 0.9, "flat"), metered_row="flat").production
    poa = weather.ghi_w_m2[SPRING]  # what a level plane sees, by closure
    cells = pvlib.temperature.noct_sam(
        poa, weather.temp_air_c[SPRING], weather.wind_speed_m_s[SPRING],
        noct=45.0, module_efficiency=2500.0 / 18e3, array_height=1, mount_standoff=4.0,
    )  # fmt: skip
    light_h = poa / 1000.0
    energy_kwh = 0.9 * row.net_wh[SPRING].sum() / 1000.0
    assert flat.whole.performance_ratio == pytest.approx(energy_kwh / KWP / light_h.sum(), rel=3e-3)
    ratio = flat.whole.performance_ratio_25c / flat.whole.performance_ratio
    wanted = light_h.sum() / (light_h * (1.0 - 0.0037 * (cells - 25.0))).sum()
    assert ratio == pytest.approx(wanted, rel=1e-4)
    assert found.whole.performance_ratio_25c > found.whole.performance_ratio  # Shenzhen is warm


def regrouped(metered, parts):
    """The same energy in intervals a number of hours long."""
    return meter(
        metered.start_utc[::parts], metered.end_utc[parts - 1 :: parts],
        metered.energy_kwh.reshape(-1, parts).sum(axis=1),
    )  # fmt: skip


def test_daily_and_quarter_hourly_meters_say_the_same(plant, weather, hourly):
    whole = hourly(SPRING)
    quarter = np.timedelta64(900, "s")
    starts = (whole.start_utc[:, None] + np.arange(4) * quarter).ravel()
    uneven = (whole.energy_kwh[:, None] * [0.1, 0.2, 0.3, 0.4]).ravel()
    quarters = meter(starts, starts + quarter, uneven)
    wanted = compare(plant, weather, metered=whole).production
    for other in (quarters, regrouped(whole, 24)):
        found = compare(plant, weather, metered=other).production
        assert found.whole.measured_kwh == pytest.approx(wanted.whole.measured_kwh, rel=EXACT)
        assert found.whole.modelled_kwh == pytest.approx(wanted.whole.modelled_kwh, rel=EXACT)
        assert found.whole.performance_ratio == pytest.approx(wanted.whole.performance_ratio, rel=EXACT)
        assert found.left_out_intervals == 0


def test_what_the_meter_lacks_is_excluded_on_both_sides(plant, weather, hourly, year):
    metered = hourly(SPRING)
    kept = np.ones(metered.energy_kwh.size, dtype=bool)
    kept[24 * 30 + 8 : 24 * 30 + 16] = False  # a day's light, but for mornings and evenings
    energy_kwh = metered.energy_kwh[kept]
    unknown = 100
    energy_kwh[unknown] = np.nan
    holed = meter(metered.start_utc[kept], metered.end_utc[kept], energy_kwh, missing=9)
    found = compare(plant, weather, metered=holed).production
    there = year.result("sunflower").net_wh[SPRING][kept]
    assert found.whole.modelled_kwh == pytest.approx((there.sum() - there[unknown]) / 1000.0, rel=EXACT)
    assert found.whole.difference_percent == pytest.approx(0.0, abs=1e-9)
    assert (found.counted_intervals, found.left_out_intervals, found.missing_intervals) == (2199, 0, 9)


def test_a_missing_quarter_takes_its_hour_and_no_more(plant, weather, hourly):
    whole = hourly(SPRING)
    quarter = np.timedelta64(900, "s")
    starts = (whole.start_utc[:, None] + np.arange(4) * quarter).ravel()
    for lost in (40, 41, 43):  # the first of an hour, one inside, the last
        kept = np.arange(starts.size) != lost
        energy_kwh = np.repeat(whole.energy_kwh / 4.0, 4)[kept]
        found = compare(
            plant, weather, metered=meter(starts[kept], starts[kept] + quarter, energy_kwh)
        ).production
        assert found.whole.hours == whole.energy_kwh.size - 1
        assert found.left_out_intervals == 3


def test_a_loggers_jitter_is_forgiven_and_a_shifted_clock_is_not(plant, weather, hourly, rng):
    metered = hourly(SPRING)
    jitter = rng.integers(-20, 21, metered.start_utc.size + 1).astype("timedelta64[s]")
    edges = np.append(metered.start_utc, metered.end_utc[-1]) + jitter
    found = compare(plant, weather, metered=meter(edges[:-1], edges[1:], metered.energy_kwh)).production
    assert found.whole.hours == metered.energy_kwh.size
    late = np.timedelta64(600, "s")
    with pytest.raises(InvalidInput, match="stamps must meet the edges"):
        compare(
            plant,
            weather,
            metered=meter(metered.start_utc + late, metered.end_utc + late, metered.energy_kwh),
        )


@pytest.mark.parametrize(
    ("share", "finding", "says"),
    [
        (0.99, "within", "below the model by 1.0 %: within its interval of +-"),
        (0.70, "below", "below the model by 30.0 %: more than its interval of +-"),
        (1.35, "above", "above the model by 35.0 %: more than its interval of +-"),
    ],
)
def test_a_difference_is_named_against_what_the_model_knows(plant, weather, hourly, share, finding, says):
    found = compare(plant, weather, metered=hourly(share=share)).production.whole
    assert found.finding == finding
    assert found.says.startswith(says)
    assert found.difference_percent == pytest.approx(100.0 * (share - 1.0))


def test_the_interval_is_that_of_its_causes_together(plant, weather, hourly):
    found = compare(plant, weather, metered=hourly()).production
    percents = {cause.cause: cause.percent for cause in found.causes}
    assert {"transposition", "measurement", "plant as built", "meter", "weather of other years"} <= set(
        percents
    )
    assert percents["weather of other years"] == 4.0  # of a year; ten of a month
    assert list(percents.values()) == sorted(percents.values(), reverse=True)
    assert 2.0 < percents["measurement"] < 4.0  # three percent of light are about three of energy
    together = 1.2815515655 * np.linalg.norm(list(percents.values()))
    assert found.whole.interval_percent == pytest.approx(together, rel=1e-6)
    assert all(month.interval_percent > found.whole.interval_percent for month in found.months)


def test_a_recorded_row_is_what_a_meter_is_held_against(plant, weather, hourly, year):
    way = year.result("sunflower").orientation
    track = Track(utc=weather.utc[SPRING], normal_enu=way.normal_enu[SPRING])
    recording = Recording(name="recorded:north", source="a.csv", tracks=(track,))
    found = compare(plant, weather, recordings=[recording], metered=hourly()).production
    assert found.of == "recorded:north"
    assert found.whole.hours == 92 * 24  # what nobody recorded is compared with nothing
    assert found.left_out_intervals == 8760 - 92 * 24
    assert found.whole.difference_percent == pytest.approx(0.0, abs=2.0)  # its drives' energy
    other = compare(
        plant, weather, recordings=[recording], metered=hourly(), metered_row="sunflower"
    ).production
    assert other.whole.difference_percent == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(InvalidInput, match="'best_fixed', which was not compared; choose one of flat"):
        compare(plant, weather, metered=hourly(), metered_row="best_fixed")


def test_a_meter_of_another_year_is_refused_unless_its_dates_are_moved(plant, weather, hourly):
    metered = hourly(SPRING)
    years = np.timedelta64(365, "D")
    later = meter(metered.start_utc + years, metered.end_utc + years, metered.energy_kwh)
    with pytest.raises(InvalidInput, match="--recorded-any-year"):
        compare(plant, weather, metered=later)
    moved = metered_in_weather_year(later, weather)
    assert (moved.start_utc == metered.start_utc).all()
    assert (moved.end_utc == metered.end_utc).all()


def test_the_document_and_the_hash_know_the_meter(plant, weather, hourly, year):
    done = compare(plant, weather, metered=hourly(SPRING, 0.9))
    said = to_json_dict(done)["production"]
    assert (said["source"], said["of"]) == ("meter.csv", "sunflower")
    assert [month["name"] for month in said["months"]] == ["2022-03", "2022-04", "2022-05"]
    assert said["whole"]["difference_percent"] == pytest.approx(-10.0)
    assert done.inputs_sha256 != year.inputs_sha256
    assert "production" not in to_json_dict(year)


@pytest.mark.parametrize("share", [-1.0, 0.0])
def test_a_meter_without_energy_in_light_is_refused(plant, weather, hourly, share):
    with pytest.raises(InvalidInput, match=r"kWh are metered in all where the model has .* with sign \+"):
        compare(plant, weather, metered=hourly(SPRING, share))


def shifted(metered, hours):
    by = np.timedelta64(hours, "h")
    return meter(metered.start_utc + by, metered.end_utc + by, metered.energy_kwh)


@pytest.mark.parametrize("hours", [-7, 7])
def test_energy_made_by_night_is_a_wrong_clock(plant, weather, hourly, hours):
    says = r"[3-5]\d % of its energy is metered while the sun is below the horizon at .* zone of its stamps"
    with pytest.raises(InvalidInput, match=says):
        compare(plant, weather, metered=shifted(hourly(SPRING), hours))


def test_days_may_begin_when_they_like_and_a_label_may_be_one_interval_off(plant, weather, hourly):
    for metered in (regrouped(hourly(SPRING), 24), shifted(hourly(SPRING), 1), shifted(hourly(SPRING), -1)):
        assert compare(plant, weather, metered=metered).production.whole.performance_ratio > 0.5
