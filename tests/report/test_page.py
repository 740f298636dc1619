import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import pytest

from tracker.report import ReportTables, render_comparison

VOID = {"meta", "br", "hr", "img", "link", "input", "wbr"}
EXTERNAL = {"src", "href", "xlink:href", "srcset", "action", "data", "poster"}
MINUS = "\N{MINUS SIGN}"
MAX_BYTES = 500_000


class Page(HTMLParser):
    """Balanced tags, every attribute, ids, and the cells of every table by caption."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.problems, self.pointers, self.ids = [], [], [], []
        self.tables, self.caption, self.row, self.text = {}, "", [], ""
        self.headings, self.tags = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.pointers += [value for name, value in attrs if name in EXTERNAL]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"caption", "th", "td", "h1", "h2"}:
            self.text = ""
        if tag == "tr":
            self.row = []

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")
        if tag == "caption":
            self.caption = self.text.strip()
            self.tables[self.caption] = []
        if tag in {"th", "td"}:
            self.row.append(self.text.strip())
        if tag == "tr":
            self.tables[self.caption].append(self.row)
        if tag in {"h1", "h2"}:
            self.headings.append(" ".join(self.text.split()))


@pytest.fixture(scope="session")
def html(whole_document, tables):
    return render_comparison(whole_document, tables)


def column(rows, name):
    index = next(i for i, cell in enumerate(rows[0]) if cell.startswith(name))
    return [row[index] for row in rows[1:]]


def shown(value, decimals, sign=""):
    return f"{value:{sign},.{decimals}f}".replace("-", MINUS)


def test_tags_are_balanced_and_ids_unique(html):
    page = Page(html)
    assert page.problems == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_nothing_is_fetched_from_elsewhere(html):
    page = Page(html)
    elsewhere = [pointer for pointer in page.pointers if not pointer.startswith(("#", "data:text/csv;"))]
    assert elsewhere == []
    assert {pointer[1:] for pointer in page.pointers if pointer.startswith("#")} <= set(page.ids)
    assert {name for name, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "img"})
    assert not re.search(r"https?:|@import|url\((?!#)", html)


def test_it_is_small(html):
    assert len(html.encode()) < MAX_BYTES


def test_the_first_heading_is_the_answer_with_the_verdict(html, document):
    gain = document["gains"][2]
    heading = Page(html).headings[0].replace("\N{NO-BREAK SPACE}", " ")
    assert heading.startswith(
        f"Tracking yields {gain['net_percent']:+.1f} % (P90 {gain['p90_percent']:+.1f} %"
    )
    assert heading.endswith("the claim of +40 % is not supported.")


def test_the_mountings_show_the_numbers_of_the_document(html, document):
    rows = Page(html).tables["One year of each mounting, same modules, same weather"]
    mountings = document["mountings"]
    assert column(rows, "in the plane") == [shown(m["poa_kwh_m2"], 1) for m in mountings]
    assert column(rows, "AC") == [shown(m["ac_kwh"], 0) for m in mountings]
    assert column(rows, "drive") == [shown(m["drive_kwh"], 1) for m in mountings]
    assert column(rows, "net kWh") == [shown(m["net_kwh"], 0) for m in mountings]
    assert column(rows, "AC per kWp") == [shown(m["ac_kwh_per_kwp"], 1) for m in mountings]
    assert column(rows, "net per land") == [shown(m["net_kwh_per_m2_land"], 1) for m in mountings]


def test_the_gains_show_the_numbers_of_the_document(html, document):
    tables = Page(html).tables
    rows = next(rows for caption, rows in tables.items() if caption.startswith("Gain of one"))
    for key, name in (("poa_percent", "in the plane"), ("net_percent", "net %"), ("p90_percent", "net P90")):
        assert column(rows, name) == [shown(gain[key], 1, "+") for gain in document["gains"]]


def test_every_loss_table_adds_up_to_its_last_step(html, document):
    tables = Page(html).tables
    rows = tables["sunflower"]
    steps = next(m for m in document["mountings"] if m["name"] == "sunflower")["steps"]
    assert column(rows, "after") == [step["name"] for step in steps]
    assert column(rows, "left") == [shown(step["kwh"], 0) for step in steps]
    change = 100 * (steps[5]["kwh"] - steps[4]["kwh"]) / steps[0]["kwh"]
    assert column(rows, "change % of first")[5] == shown(change, 2, "+")
    assert {"flat", "latitude tilt", "best fixed tilt, 20° south", "single axis"} <= set(tables)


def test_the_months_table_holds_twelve_months_and_their_sum(html, document):
    rows = Page(html).tables["Net energy by month"]
    sunflower = next(m for m in document["mountings"] if m["name"] == "sunflower")
    assert column(rows, "sunflower") == [
        *(shown(value, 0) for value in sunflower["monthly_kwh"]),
        shown(sum(sunflower["monthly_kwh"]), 0),
    ]


def test_carbon_names_factor_source_and_kind(html):
    assert "0.4042\N{NO-BREAK SPACE}kg CO₂ per kWh" in html
    assert "South region average, 2023" in html


def test_omissions_say_whom_they_favour_or_that_nobody_said(html):
    rows = Page(html).tables["What the numbers leave out"]
    assert ["self shading", "tracking", "tall heads shade each other at low sun"] in rows
    assert ["spectrum", "not stated", "\N{EN DASH}"] in rows


def test_hash_versions_and_commands_are_printed(html, document):
    assert document["inputs_sha256"] in html
    assert all(version in html for version in document["versions"].values())
    assert "sunflower compare shenzhen.toml --json" in html


def test_every_figure_speaks_to_those_who_cannot_see_it(html):
    figures = [attrs for tag, attrs in Page(html).tags if tag == "svg"]
    assert len(figures) == 8
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 40 for attrs in figures)


def test_text_of_users_stays_text(document, tables):
    document["site"]["name"] = document["claim"]["says"] = "<script>alert('x')</script> & co"
    document["mountings"][0]["name"] = "<b>$x^2$</b>"
    document["gains"][0]["over"] = "<b>$x^2$</b>"
    html = render_comparison(document, tables)
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert "b" not in {tag for tag, _ in page.tags}
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;$x^2$&lt;/b&gt;" in html
    assert page.problems == []


def test_the_same_inputs_give_the_same_page(document, tables):
    first = render_comparison(document, tables)
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path"}):
        assert render_comparison(json.loads(json.dumps(document)), tables) == first


def test_drawing_leaves_matplotlib_as_it_was(document, tables):
    before = dict(mpl.rcParams)
    render_comparison(document, tables)
    assert dict(mpl.rcParams) == before


def test_optional_parts_are_left_out_whole(document):
    document["not_modelled"] = []
    html = render_comparison(document, ReportTables())
    page = Page(html)
    assert page.problems == []
    assert not {"A tracked day", "When tracking earns"} & set(page.headings)
    assert "What the numbers leave out" not in page.tables
    assert "<pre>" not in html


def test_a_comparison_without_gains_or_steps_still_renders(document):
    document["gains"] = []
    for row in document["mountings"]:
        row["steps"] = []
    page = Page(render_comparison(document, ReportTables()))
    assert page.problems == []
    assert page.headings[0].startswith("No answer")
    assert "Where the energy goes" not in page.headings


def test_unknown_values_are_a_dash_not_a_number(document, tables):
    document["mountings"][0]["net_kwh_per_m2_land"] = None
    document["gains"][0] |= {"p90_percent": None, "p50_percent": None, "p10_percent": None}
    rows = Page(render_comparison(document, tables)).tables
    assert column(rows["One year of each mounting, same modules, same weather"], "net per land")[0] == "–"


def test_unknown_keys_are_left_alone(document, tables, html):
    document["mountings"][0]["surprise"] = {"of": "tomorrow"}
    document["surprise"] = 1
    assert render_comparison(document, tables) == html


def test_a_wrong_document_names_every_wrong_key(document, tables):
    del document["weather"]["steps"]
    document["mountings"][1]["monthly_kwh"] = [1.0] * 11
    with pytest.raises(ValueError, match=r"(?s)weather\.steps.*mountings\.1\.monthly_kwh"):
        render_comparison(document, tables)


def test_a_headline_alone_needs_no_matplotlib():
    code = "import sys, tracker.report.headline; sys.exit('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, check=False)
    assert done.returncode == 0
