"""A file without an end is refused after as much as it may hold, whoever names it."""

from pathlib import Path

import pytest

from calibration.store import read_sightings
from tracker.app import stamped_csv
from tracker.app.config import load_site
from tracker.app.field.direct_stop import lines_as_written
from tracker.app.field.modbus_line import read_line
from tracker.app.field.number_file import NumberFile
from tracker.app.site_file.kept import kept_site
from tracker.array.survey import read_survey
from tracker.errors import InvalidInput
from tracker.named_files import content_of, text_of
from tracker.sun.horizon import read_horizon
from tracker.weather.whole import quality

ENDLESS = Path("/dev/zero")
READERS = {
    "site file": load_site,
    "kept site": kept_site,
    "skyline": read_horizon,
    "survey": lambda path: read_survey(path, disk_diameter_m=4.0),
    "instruments": read_line,
    "sightings": read_sightings,
}


def test_a_file_may_be_as_long_as_allowed_and_no_longer(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert content_of(file, 5) == b"12345"
    with pytest.raises(OSError, match="more than 4 bytes"):
        content_of(file, 4)


def test_text_has_neither_byte_order_mark_nor_carriage_returns(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    assert text_of(file, 100) == "a,b\n1,2\n"


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_an_endless_file_is_refused_by_name(read):
    with pytest.raises(InvalidInput, match=r"/dev/zero(.|\n)*more than [\d,]+ bytes"):
        read(ENDLESS)


@pytest.mark.parametrize(
    ("room", "read"),
    [
        (quality, quality.file_text),
        (stamped_csv, lambda path: stamped_csv.read_stamped(path, ("energy_kwh",))),
    ],
    ids=["weather", "measured"],
)
def test_long_series_have_an_end_too(room, read, monkeypatch):
    monkeypatch.setattr(room, "LARGEST_BYTES", 100_000)
    with pytest.raises(InvalidInput, match=r"/dev/zero.*more than 100,000 bytes"):
        read(ENDLESS)


def test_an_endless_number_is_no_reading():
    assert NumberFile(path=ENDLESS, low=0.0, high=50.0).read(0.0) is None


def test_stop_does_not_wait_for_the_end_of_a_site_file():
    assert lines_as_written(ENDLESS, None) == []
