"""Services on the internet, played by a server on loopback: what is asked, borne, kept and said."""

import json
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from tracker.errors import InvalidWeather
from tracker.weather import load
from tracker.weather.online.web import WAITS_S, Web
from tracker.weather.reading import Reading
from tracker.weather.synthetic.ideal import cloudless_year
from tracker.weather.whole.closure import beam_closure

KEYS = {"NSRDB_API_KEY": "a-secret-key", "NSRDB_API_EMAIL": "someone@example.org"}
PATHS = {"pvgis": "/api/", "nasa_power": "/hourly", "nsrdb": "/psm4.csv"}


class Served(ThreadingHTTPServer):
    """Answers requests with a list of (status, body, headers), the last one for ever; None hangs."""

    daemon_threads = True

    def __init__(self):
        self.answers, self.asked, self.closing = [], [], threading.Event()
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is None:
            self.server.closing.wait(20.0)
            return
        status, body, headers = answer
        if callable(body):
            body = body(parse_qs(urlsplit(self.path).query))
        data = body.encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Nothing: the test's output is its own."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Served()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waited():
    return []


@pytest.fixture
def web(server, waited):
    """The way to the server; time passes only by waiting."""
    base = f"http://127.0.0.1:{server.server_port}"
    return Web(
        now_s=lambda: sum(waited),
        wait=waited.append,
        environ=KEYS,
        urls={name: base + path for name, path in PATHS.items()},
        answer_s=20.0,
    )


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "weather"


@pytest.fixture
def site(site_at):
    return site_at(45.0, 8.0, 200.0)


@pytest.fixture
def tmy(pvgis_tmy_with_head):
    return 200, pvgis_tmy_with_head.read_text(), {}


@pytest.fixture
def hourly(pvgis_hourly):
    """The hourly series of the file as the service's JSON."""
    lines = pvgis_hourly.read_text().splitlines()
    names = lines[7].split(",")
    rows = [line.split(",") for line in lines[8:] if line[:8].isdigit()]
    table = [{"time": row[0]} | dict(zip(names[1:], map(float, row[1:]), strict=True)) for row in rows]
    place = {"latitude": 45.0, "longitude": 8.0, "elevation": 200.0}
    body = {
        "inputs": {"location": place, "meteo_data": {"radiation_db": "PVGIS-SARAH3"}},
        "outputs": {"hourly": table},
        "meta": {"inputs": {}, "outputs": {}},
    }
    return 200, json.dumps(body), {}


@pytest.fixture
def power(site):
    """NASA POWER's JSON of a cloudless year, whichever is asked for."""

    def body(query):
        first = int(query["start"][0][:4])
        years = [cloudless_year(site, year=year) for year in (first, first + 1)]

        def in_utc(name):
            """The clock of 8 E is an hour ahead: a year in UTC ends with its next year's first hour."""
            return np.concatenate([getattr(years[0], name)[1:], getattr(years[1], name)[:1]])

        begins = in_utc("utc") - np.timedelta64(1800, "s")
        stamps = [str(time)[:13].replace("-", "").replace("T", "") for time in begins]
        columns = {
            "ALLSKY_SFC_SW_DWN": in_utc("ghi_w_m2"),
            "ALLSKY_SFC_SW_DNI": in_utc("dni_w_m2"),
            "ALLSKY_SFC_SW_DIFF": in_utc("dhi_w_m2"),
            "T2M": in_utc("temp_air_c"),
            "WS10M": in_utc("wind_speed_m_s"),
            "PS": in_utc("pressure_pa") / 1000.0,
        }
        parameter = {
            name: dict(zip(stamps, values.tolist(), strict=True)) for name, values in columns.items()
        }
        parameter["WS10M"][stamps[12]] = -999.0
        return json.dumps(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [8.0, 45.0, 200.0]},
                "properties": {"parameter": parameter},
                "header": {"title": "NASA/POWER", "fill_value": -999.0, "time_standard": "UTC"},
                "messages": [],
                "parameters": {},
                "times": {"data": 0.1},
            }
        )

    return 200, body, {}


def test_the_typical_year_of_pvgis_is_asked_for_without_its_skyline(server, web, site, tmy):
    server.answers = [tmy]
    weather = load("pvgis:tmy", None, site, web=web)
    (asked,) = server.asked
    query = parse_qs(urlsplit(asked).query)
    assert urlsplit(asked).path == "/api/tmy"
    assert (query["lat"], query["lon"], query["usehorizon"]) == (["45.0"], ["8.0"], ["0"])
    assert (weather.kind, weather.source, weather.utc.size) == ("typical year", "pvgis:tmy", 8760)
    assert (weather.utc[0] - np.datetime64("2022-01-01T00:00:00")).astype(int) == 634
    assert beam_closure(weather, site).rms_w_m2 < 1.0


def test_years_of_pvgis_come_in_one_request(server, web, site, hourly):
    server.answers = [hourly]
    weather = load("pvgis:2019-2019", None, site, web=web)
    (asked,) = server.asked
    query = parse_qs(urlsplit(asked).query)
    assert urlsplit(asked).path == "/api/seriescalc"
    assert (query["startyear"], query["endyear"], query["components"]) == (["2019"], ["2019"], ["1"])
    assert (weather.kind, weather.utc.size) == ("measured", 8760)
    assert weather.utc[0] == np.datetime64("2019-01-01T00:10:00")
    assert beam_closure(weather, site).ratio == pytest.approx(1.0, abs=0.002)


def test_nasa_power_is_asked_year_by_year_and_joined(server, web, site, power):
    server.answers = [power]
    weather = load("nasa_power:2019-2020", None, site, web=web)
    queries = [parse_qs(urlsplit(asked).query) for asked in server.asked]
    assert [(q["start"], q["end"]) for q in queries] == [
        (["20190101"], ["20191231"]),
        (["20200101"], ["20201231"]),
    ]
    expected = cloudless_year(site, year=2020)
    assert weather.utc.size == 8760 + 8784
    assert beam_closure(weather, site).ratio == pytest.approx(1.0, abs=1e-6)
    assert weather.ghi_w_m2[8760:-1] == pytest.approx(expected.ghi_w_m2[1:], abs=1e-6)
    assert weather.pressure_pa[100] == pytest.approx(expected.pressure_pa[0])
    assert weather.unknown_wind_steps == 2


def test_nsrdb_takes_its_key_from_the_environment(server, web, site_at, weather_file):
    server.answers = [(200, weather_file("phoenix_nsrdb_psm3_tmy.csv").read_text(), {})]
    weather = load("nsrdb:tmy", None, site_at(33.45, -111.98, 358.0), web=web)
    query = parse_qs(urlsplit(server.asked[0]).query)
    assert (query["api_key"], query["wkt"]) == (["a-secret-key"], ["POINT(-111.9800 33.4500)"])
    assert (weather.kind, weather.utc_offset_h) == ("typical year", -7.0)
    assert weather.energy_kwh_m2(weather.dni_w_m2) == pytest.approx(2678, abs=1.0)


def test_nsrdb_without_a_key_says_how_to_get_one_and_asks_nothing(server, web, site):
    web.environ = {}
    with pytest.raises(InvalidWeather, match="set NSRDB_API_KEY and NSRDB_API_EMAIL in the environment"):
        load("nsrdb:2020", None, site, web=web)
    assert server.asked == []


FAULTS = {
    "too many, in words": (429, json.dumps({"message": "Too Many Requests"}), {}),
    "too many, bare": (429, "slow down", {}),
    "broken server": (500, "<html>Internal Server Error</html>", {}),
    "overloaded": (529, "Site is overloaded", {}),
    "half a body": (200, "Latitude (decimal degrees): 45.000\r\nLongitude", {"Content-Length": "90000"}),
    "half a table": (200, "Latitude (decimal degrees): 45.000\r\nLongitude (decimal degrees): 8.0\r\n", {}),
    "nothing": (200, "", {}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_passes_is_borne_with_growing_patience(fault, server, web, site, tmy, waited, caplog):
    server.answers = [fault, fault, tmy]
    with caplog.at_level(logging.WARNING, logger="tracker.weather.online.web"):
        assert load("pvgis:tmy", None, site, web=web).utc.size == 8760
    assert waited == list(WAITS_S[:2])
    assert len(caplog.records) == 2


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_stays_is_told_with_what_to_do(fault, server, web, site, waited):
    server.answers = [fault]
    with pytest.raises(InvalidWeather, match=r"pvgis:tmy: .* after 4 attempts .*elsewhere.*weather\.source"):
        load("pvgis:tmy", None, site, web=web)
    assert len(server.asked) == 4
    assert waited == list(WAITS_S)


@pytest.mark.parametrize("name", ["nasa_power:2020", "pvgis:2020", "nsrdb:2020"])
@pytest.mark.parametrize("fault", ["broken server", "half a body", "too many, in words"])
def test_every_service_bears_faults(name, fault, server, web, site, waited):
    server.answers = [FAULTS[fault]]
    with pytest.raises(InvalidWeather, match="after 4 attempts"):
        load(name, None, site, web=web)
    assert len(server.asked) == 4


def test_the_servers_own_wait_is_kept(server, web, site, tmy, waited):
    server.answers = [(429, "slow down", {"Retry-After": "37"}), tmy]
    load("pvgis:tmy", None, site, web=web)
    assert waited == [37.0]


def test_a_server_that_wants_an_hour_is_left_alone(server, web, site, waited):
    server.answers = [(429, "slow down", {"Retry-After": "3600"})]
    with pytest.raises(InvalidWeather, match="try again later"):
        load("pvgis:tmy", None, site, web=web)
    assert (len(server.asked), waited) == (1, [])


@pytest.mark.parametrize(
    ("name", "status", "body", "says"),
    [
        (
            "pvgis:tmy",
            400,
            {"message": "Location over the sea. Please, select another location"},
            "over the sea",
        ),
        ("nasa_power:2020", 422, {"messages": ["The latitude is wrong."]}, "latitude is wrong"),
        ("nsrdb:2020", 403, {"errors": ["API_KEY_INVALID"]}, "API_KEY_INVALID"),
    ],
)
def test_a_refusal_is_told_in_the_services_words_and_not_repeated(
    name, status, body, says, server, web, site
):
    server.answers = [(status, json.dumps(body), {})]
    with pytest.raises(InvalidWeather, match=rf"refuses the request \(.*{says}"):
        load(name, None, site, web=web)
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["pvgis:tmy", "nasa_power:2020", "nsrdb:2020"])
def test_a_server_that_hangs_is_given_up(name, server, web, site, waited):
    server.answers = [None]
    web.answer_s = 0.05
    with pytest.raises(InvalidWeather, match="does not answer properly after 4 attempts"):
        load(name, None, site, web=web)
    assert len(waited) >= 3


@pytest.mark.parametrize("name", ["pvgis:tmy", "nasa_power:2020", "nsrdb:2020"])
def test_offline_says_so_at_once_with_the_next_action(name, web, site, waited):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        web.urls = dict.fromkeys(PATHS, f"http://127.0.0.1:{unused.getsockname()[1]}/")
        with pytest.raises(
            InvalidWeather, match=r"may be offline .*download the file elsewhere from https://"
        ):
            load(name, None, site, web=web)
    assert waited == []


@pytest.mark.parametrize("status", [403, 500])
def test_no_message_holds_the_key(status, server, web, site, caplog):
    server.answers = [
        (status, "no: https://there?api_key=a-secret-key, a-secret-key someone@example.org", {})
    ]
    with caplog.at_level(logging.DEBUG), pytest.raises(InvalidWeather) as caught:
        load("nsrdb:2020", None, site, web=web)
    said = str(caught.value) + " ".join(
        r.getMessage() for r in caplog.records if r.name.startswith("tracker")
    )
    assert "secret" not in said
    assert "someone" not in said


def test_requests_keep_apart(server, web, site, power, waited):
    server.answers = [power]
    load("nasa_power:2019-2021", None, site, web=web)
    assert waited == [1.0, 1.0]


def test_an_answer_is_kept_for_good_whatever_code_reads_it(server, web, site, power, cache, monkeypatch):
    server.answers = [power]
    first = load("nasa_power:2020", None, site, web=web)
    assert len(list((cache / "downloads").iterdir())) == 1
    monkeypatch.setattr("tracker.weather.kept._code", lambda: b"another program")
    again = load("nasa_power:2020", None, site, Reading(decomposition="dirint"), web=web)
    longer = load("nasa_power:2020-2021", None, site, web=web)
    assert len(server.asked) == 2
    assert np.array_equal(first.ghi_w_m2, again.ghi_w_m2)
    assert longer.utc.size == 8784 + 8760


def test_what_was_kept_serves_offline(server, web, site, tmy, cache):
    server.answers = [tmy]
    first = load("pvgis:tmy", None, site, web=web)
    web.urls = {"pvgis": "http://127.0.0.1:9/"}
    assert np.array_equal(load("pvgis:tmy", None, site, web=web).ghi_w_m2, first.ghi_w_m2)


def test_a_damaged_copy_is_asked_for_again(server, web, site, tmy, cache):
    server.answers = [tmy]
    load("pvgis:tmy", None, site, web=web)
    for copy in (*cache.glob("*.arrays"), *(cache / "downloads").iterdir()):
        copy.write_bytes(b"PK rubbish")
    assert load("pvgis:tmy", None, site, web=web).utc.size == 8760
    assert len(server.asked) == 2


def test_another_place_is_another_request(server, web, site_at, power, cache):
    server.answers = [power]
    for longitude_deg in (8.0, 8.1):
        load("nasa_power:2020", None, site_at(45.0, longitude_deg), web=web)
    assert len(server.asked) == 2


@pytest.mark.parametrize("source", ["pvgis:", "pvgis:2020-2019", "pvgis:best", "nasa_power:tmy", "nsrdb:20"])
def test_a_wrong_period_names_the_right_ones(source, server, web, site):
    with pytest.raises(InvalidWeather, match=r"is no period; give .*:2020 or .*:2005-2020"):
        load(source, None, site, web=web)
    assert server.asked == []


def test_a_service_needs_a_place(web):
    with pytest.raises(InvalidWeather, match="is asked for a place"):
        load("pvgis:tmy", None, web=web)
