"""Weather that was read before is the same weather, and only then."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.weather import Weather, kept, load, readers


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "weather"


@pytest.fixture
def file(tmp_path, weather_folder):
    copy = tmp_path / "denver.epw"
    copy.write_bytes((weather_folder / "denver_tmy3.epw").read_bytes())
    return copy


@pytest.fixture
def reads(monkeypatch):
    """How often a file was really read."""
    real, names = readers.read_weather, []

    def counted(path, site=None, reading=None):
        names.append(path.name)
        return real(path, site, reading)

    monkeypatch.setattr(readers, "read_weather", counted)
    return names


def same(one: Weather, other: Weather) -> bool:
    pairs = [(getattr(one, each.name), getattr(other, each.name)) for each in fields(Weather)]
    return all(
        type(a) is type(b) and (np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b)
        for a, b in pairs
    )


def test_the_second_load_reads_nothing_and_gives_the_same(cache, file, reads):
    first, second = load(file.name, file.parent), load(file.name, file.parent)
    assert reads == ["denver.epw"]
    assert same(first, second)
    assert all(getattr(second, name).flags.writeable for name in ("ghi_w_m2", "utc"))
    assert second.utc.dtype == first.utc.dtype


def test_a_climate_is_kept_too(cache):
    assert same(load("climate:shenzhen", cache), load("climate:shenzhen", cache))
    assert len(list(cache.glob("*.arrays"))) == 1


def test_a_changed_file_is_read_again(cache, file, reads):
    before = load(file.name, file.parent)
    lines = file.read_text().splitlines()
    columns = lines[3000].split(",")
    columns[6] = f"{float(columns[6]) + 0.1:.1f}"  # dry-bulb temperature
    file.write_text("\n".join([*lines[:3000], ",".join(columns), *lines[3001:]]) + "\n")
    after = load(file.name, file.parent)
    assert len(reads) == 2
    assert not same(before, after)


def test_another_site_is_another_weather(cache, file, reads):
    at = Site(name="Denver", latitude_deg=39.8, longitude_deg=-104.9, altitude_m=1600.0, timezone="UTC")
    load(file.name, file.parent, at)
    load(file.name, file.parent, replace(at, latitude_deg=39.7))
    assert len(reads) == 2


def test_changed_code_reads_again(cache, file, reads, monkeypatch):
    load(file.name, file.parent)
    monkeypatch.setattr(kept, "_code", lambda: b"another program")
    load(file.name, file.parent)
    assert len(reads) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\3\4 rubbish", b"\0" * 4096], ids=["empty", "torn", "zeros"])
def test_a_damaged_copy_is_replaced(cache, file, reads, damage):
    first = load(file.name, file.parent)
    (copy,) = cache.glob("*.arrays")
    copy.write_bytes(damage)
    assert same(load(file.name, file.parent), first)
    assert same(load(file.name, file.parent), first)
    assert len(reads) == 2


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path, file, reads, monkeypatch):
    (tmp_path / "taken").write_text("a file stands where the folder should be")
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "taken" / "weather"))
    load(file.name, file.parent)
    load(file.name, file.parent)
    assert len(reads) == 2


def test_no_cache_where_it_is_switched_off(file, reads, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", "")
    load(file.name, file.parent)
    load(file.name, file.parent)
    assert len(reads) == 2


def test_a_wrong_file_is_refused_every_time_and_never_kept(cache, tmp_path):
    (tmp_path / "bad.epw").write_text("LOCATION,nowhere\n")
    for _ in range(2):
        with pytest.raises(InvalidWeather):
            load("bad.epw", tmp_path)
    assert not list(cache.glob("*"))


def test_only_so_many_copies_are_kept(cache, file, monkeypatch):
    monkeypatch.setattr(kept, "MOST_YEARS", 2)
    for _ in range(4):
        file.write_text(file.read_text() + "\n")
        load(file.name, file.parent)
    assert len(list(cache.glob("*.arrays"))) == 2


def test_a_copy_depends_on_the_code_of_the_sun_too(monkeypatch):
    seen = []
    monkeypatch.setattr(kept, "state_of", lambda *places: seen.extend(place.name for place in places) or ())
    kept._code()
    assert {"weather", "sun", "comma_table.py", "units.py", "plant.py"} <= set(seen)
    assert all((Path(kept.__file__).parents[1] / name).exists() for name in seen)
