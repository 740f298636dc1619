"""A plant from its copy is the plant that the site file describes now, to the bit, or it is read again."""

import json
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass, make_dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from tracker.app import config
from tracker.app.config import default_plant, load_site
from tracker.app.site_file import kept, plant_arrays
from tracker.app.site_file.kept import kept_site
from tracker.app.site_file.plant_arrays import CannotBeKeptError, arrays_of, plant_of
from tracker.array_file import read_arrays, write_arrays
from tracker.errors import InvalidSite
from tracker.plant import Plant

RICH = """
[site]
name = "Gärten"
latitude_deg = 22.6
longitude_deg = 114.0
horizon = "horizon.csv"
[array]
layout = "survey"
survey = "survey.csv"
[head]
panel_offset_m = [0.0, 0.0, 0.15]
[[obstacle]]
kind = "wall"
points = [[-30, -20], [-30, 20]]
height_m = 9.5
[[bridge]]
port = "line"
heads = { A = 7 }
[[bridge]]
port = "socket://127.0.0.1:9"
baud = 57600
[pv]
module = "Canadian_Solar_Inc__CS6X_305M"
strings = [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]
soiling_percent = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
[weather]
source = "weather.csv"
[economics]
energy_price_per_kwh = 0.453
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "horizon.csv").write_text("azimuth_deg,elevation_deg\n0,1.5\n120,7.25\n250,0.1\n")
    (tmp_path / "survey.csv").write_text("name,east_m,north_m,up_m\nA,0,0,0\nB,8.1,0,0.3\nC,0,9,0\n")
    (tmp_path / "weather.csv").write_text("not looked into\n")
    (tmp_path / "site.toml").write_text(RICH, encoding="utf-8")
    return tmp_path / "site.toml"


@pytest.fixture
def reads(monkeypatch):
    """How often a site file was really read."""
    real, paths = config.load_site, []

    def counted(path):
        paths.append(path)
        return real(path)

    monkeypatch.setattr(config, "load_site", counted)
    return paths


def told(value):
    """A value to the bit, as something that compares."""
    if is_dataclass(value):
        return type(value), {each.name: told(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, dict):
        return {key: told(part) for key, part in value.items()}
    return type(value), [told(part) for part in value] if isinstance(value, tuple) else repr(value)


@pytest.mark.parametrize("text", [RICH, ""], ids=["rich", "defaults"])
def test_the_copy_is_the_plant_to_the_bit(cache, site, reads, text):
    site.write_text(text, encoding="utf-8")
    plain = told(load_site(site))
    assert [told(kept_site(site)) for _ in range(2)] == [plain, plain]
    assert reads == [site]


def test_a_copy_spares_the_schema(cache, site):
    code = "import sys; from pathlib import Path; from tracker.app.site_file.kept import kept_site;"
    code += f"kept_site(Path({str(site)!r})); sys.stdout.write(str('pydantic' in sys.modules))"
    loaded = [subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(2)]
    assert loaded == ["True", "False"]


@pytest.mark.parametrize("name", ["site.toml", "horizon.csv", "survey.csv", "weather.csv"])
def test_a_changed_file_is_read_again_even_if_its_times_say_nothing(cache, site, reads, name):
    kept_site(site)
    file = site.with_name(name)
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("7.25", "7.26").replace("8.1", "8.2") + "\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert told(kept_site(site)) == told(load_site(site))
    assert len(reads) == 2


@pytest.mark.parametrize("name", ["horizon.csv", "survey.csv", "weather.csv"])
def test_a_file_that_went_is_missed_and_welcome_back(cache, site, reads, name):
    kept_site(site)
    file = site.with_name(name)
    content = file.read_bytes()
    file.unlink()
    for _ in range(2):
        with pytest.raises(InvalidSite, match=name):
            kept_site(site)
    file.write_bytes(content)
    kept_site(site)
    assert len(reads) == 3


def test_other_code_reads_again(cache, site, reads, monkeypatch):
    kept_site(site)
    monkeypatch.setattr(kept, "state_of", lambda *_: "other code")
    kept_site(site)
    monkeypatch.setattr(kept, "installed", lambda: {"pvlib": "99"})  # whose tables name the modules
    kept_site(site)
    assert len(reads) == 3


def test_the_same_text_elsewhere_is_another_plant(cache, site, reads, tmp_path, monkeypatch):
    kept_site(site)
    site.parent.joinpath("other").mkdir()
    for file in ("site.toml", "horizon.csv", "survey.csv", "weather.csv"):
        (tmp_path / "other" / file).write_bytes(site.with_name(file).read_bytes())
    assert kept_site(tmp_path / "other" / "site.toml").weather_source == str(tmp_path / "other/weather.csv")
    for folder in (tmp_path, tmp_path / "other"):
        monkeypatch.chdir(folder)
        assert kept_site(Path("site.toml")).weather_source == str(folder / "weather.csv")


def test_a_home_that_moved_is_another_plant(cache, site, reads, tmp_path, monkeypatch):
    site.write_text('[weather]\nsource = "~/weather.csv"\n')
    for home in ("one", "two"):
        (tmp_path / home).mkdir()
        (tmp_path / home / "weather.csv").touch()
        monkeypatch.setenv("HOME", str(tmp_path / home))
        assert kept_site(site).weather_source == str(tmp_path / home / "weather.csv")


@pytest.mark.parametrize(
    "text", ["[site]\nlatitude_deg = 99.0\n", "[site\n", b"\xff", '[weather]\nsource = "gone.epw"\n'], ids=str
)
def test_a_wrong_file_is_refused_every_time_and_never_kept(cache, site, text):
    site.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidSite) as plain:
        load_site(site)
    for _ in range(2):
        with pytest.raises(InvalidSite) as refused:
            kept_site(site)
        assert str(refused.value) == str(plain.value)
    assert not list(cache.rglob("*.arrays"))


def test_a_file_that_is_not_there_is_told_as_ever(cache, tmp_path):
    with pytest.raises(InvalidSite, match="cannot be read"):
        kept_site(tmp_path / "none.toml")


def test_a_port_is_never_opened(cache, site, reads):
    os.mkfifo(site.with_name("line"))  # opening it would wait for a writer
    for _ in range(2):
        assert kept_site(site).bridges[0].port == "line"
    assert len(reads) == 1


def damaged(content):
    rng = np.random.default_rng(7)
    yield b""
    yield content[: len(content) // 2]
    yield content[:-1]
    yield content + b"\0"
    yield rng.bytes(len(content))
    for place in rng.integers(0, len(content), 40):
        yield content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def test_a_damaged_copy_is_replaced(cache, site, reads):
    plain = told(kept_site(site))
    (copy,) = (cache / "sites").iterdir()
    contents = list(damaged(copy.read_bytes()))
    for content in contents:
        copy.write_bytes(content)
        assert told(kept_site(site)) == plain
        assert told(kept_site(site)) == plain
    assert len(reads) == 1 + len(contents)


@pytest.mark.parametrize(
    "text",
    ["7", "[]", "{}", '{"Popen": {"args": "true"}}', '{"Site": {}}', '{"array": "9"}', '{"Plant": []}', "{"],
)
def test_a_copy_of_something_else_is_not_believed(cache, site, reads, text):
    plain = told(kept_site(site))
    (copy,) = (cache / "sites").iterdir()
    write_arrays(copy, {**read_arrays(copy), "plant": np.array(text)})
    assert told(kept_site(site)) == plain
    assert len(reads) == 2


def test_what_no_copy_can_hold_is_read_each_time(cache, site, reads, monkeypatch):
    monkeypatch.setattr(plant_arrays, "PLAIN", frozenset({str}))
    assert told(kept_site(site)) == told(load_site(site))
    assert not list(cache.rglob("*.arrays"))


def test_fields_that_nobody_thought_of_are_kept(monkeypatch):
    more = {"depth_m": 0.1, "names": ("a", "b"), "table": {"x": (1, None)}, "grid": np.eye(3), "on": True}
    new = make_dataclass("Anchor", list(more), frozen=True, slots=True, kw_only=True)
    wide = make_dataclass("WidePlant", ["anchor"], bases=(Plant,), frozen=True, kw_only=True)
    monkeypatch.setattr(plant_arrays, "PARTS", {**plant_arrays.PARTS, "Anchor": new, "WidePlant": wide})
    plain = default_plant()
    plant = wide(**{each.name: getattr(plain, each.name) for each in fields(Plant)}, anchor=new(**more))
    assert told(plant_of(arrays_of(plant))) == told(plant)


def test_numbers_come_back_to_the_bit():
    plain = default_plant()
    odd = (-0.0, 5e-324, 0.1 + 0.2, float("inf"), 2**60 + 0.0)
    for value in odd:
        plant = replace(plain, site=replace(plain.site, altitude_m=value))
        assert told(plant_of(arrays_of(plant))) == told(plant)
    assert np.isnan(plant_of(arrays_of(replace(plain, weather_source=float("nan")))).weather_source)


def test_strangers_have_no_form():
    with pytest.raises(CannotBeKeptError, match="Path"):
        arrays_of(replace(default_plant(), weather_source=Path("x")))
    with pytest.raises(CannotBeKeptError, match="float64"):
        arrays_of(replace(default_plant(), weather_source=np.float64(1.0)))
    with pytest.raises(CannotBeKeptError, match="no plant"):
        plant_of({"plant": np.array(json.dumps({"tuple": []}))})
