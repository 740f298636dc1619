"""What the template is given: the headline, tables and figures of one comparison."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.report import labels, tabulate
from tracker.report.causes_figure import causes_figure
from tracker.report.day_figure import day_figure
from tracker.report.document import Carbon, ComparisonDocument, Gain, Site, Weather, read_document
from tracker.report.duration_figure import duration_figure
from tracker.report.figure_data import FigureData, figure_data
from tracker.report.formats import UNKNOWN, number, typeset
from tracker.report.gains_figure import gains_figure
from tracker.report.headline import Headline, headline
from tracker.report.hours_figure import hours_figure
from tracker.report.losses_figure import losses_figure
from tracker.report.months_figure import months_figure
from tracker.report.pointing_figure import pointing_figure
from tracker.report.production_tables import production_data, production_section, records_table
from tracker.report.sun_path_figure import sun_path_svg
from tracker.report.tables import DayTables, ReportTables
from tracker.report.tabulate import Table
from tracker.report.templates import template


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name and its value with unit, for definition lists."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The section of the tracked day; figures are SVG, '' where there is nothing to draw."""

    about: str
    figure: str
    pointing_figure: str
    pointing: Table | None
    events: Table | None


def render(mapping: Mapping[str, object], tables: ReportTables) -> str:
    """The page as text; raises ValueError naming every wrong key of the document."""
    document = read_document(mapping)
    answer = headline(document)
    data = _data(document, tables, answer.subject)
    span, there = labels.span(document), labels.months_there(document)
    return template("comparison.html").render(
        document=document,
        headline=answer,
        key_facts=_key_facts(document, answer),
        site=_site(document.site),
        weather=_weather(document.weather),
        models=_models(document),
        omissions=tabulate.omissions_table(document.not_modelled, tables.omissions),
        mountings=tabulate.mountings_table(document, answer.subject),
        gains=tabulate.gains_table(document.gains, document.claim, answer.subject),
        gains_figure=_gains_figure(document, answer),
        judgements=tabulate.judgements_table(document.claim),
        sky=tabulate.sky_table(document.claim),
        causes_figure=_causes_figure(document, answer),
        sun_path_figure=sun_path_svg(tables.sun_paths) if tables.sun_paths else "",
        duration_figure=duration_figure(tables.duration, span) if tables.duration else "",
        data={name: table.link() for name, table in data.items()},
        span=span,
        months=tabulate.months_table(document.mountings, there, span),
        months_figure=months_figure(document.mountings, there),
        hours=tables.hour_by_month and tabulate.hours_table(tables.hour_by_month),
        hours_figure=hours_figure(tables.hour_by_month) if tables.hour_by_month else "",
        hours_names=_hours_names(tables),
        losses=tuple(tabulate.loss_table(row) for row in document.mountings if row.steps),
        losses_figure=_losses_figure(document, answer),
        losses_name=_losses_name(document, answer),
        day=tables.day and _day(tables.day),
        carbon=_carbon(document.carbon, answer, _a_year(span)),
        records=document.recordings and records_table(document.recordings),
        production=document.production and production_section(document.production),
        commands=tables.commands,
    )


def figures_of(mapping: Mapping[str, object], tables: ReportTables) -> dict[str, FigureData]:
    """The numbers behind the page's figures, by name; raises ValueError naming every wrong key."""
    document = read_document(mapping)
    return _data(document, tables, headline(document).subject)


def _data(document: ComparisonDocument, tables: ReportTables, subject: str) -> dict[str, FigureData]:
    metered = {"production": production_data(document.production)} if document.production else {}
    return figure_data(document, tables, subject) | metered


def _key_facts(document: ComparisonDocument, answer: Headline) -> tuple[Fact, ...]:
    tracked, fixed = document.mounting(answer.subject), document.mounting(document.claim.over)
    if tracked is None or fixed is None:
        return ()
    names = labels.mounting(tracked.name), labels.mounting(fixed.name)
    extra = document.carbon.extra_avoided_kg
    a_year = _a_year(labels.span(document))
    return (
        Fact(name=f"{names[0]}, net", value=_with_unit(tracked.net_kwh, 0, f"kWh{a_year}")),
        Fact(name=f"{names[1]}, net", value=_with_unit(fixed.net_kwh, 0, f"kWh{a_year}")),
        Fact(
            name="difference", value=_with_unit(tracked.net_kwh - fixed.net_kwh, 0, f"kWh{a_year}", sign=True)
        ),
        Fact(name="extra CO₂ avoided", value=_with_unit(extra, 0, f"kg{a_year}", sign=True)),
    )


def _a_year(span: str) -> str:
    """What follows a unit where the numbers are those of a year, and of no other time."""
    return "/year" if span == labels.ONE_YEAR else ""


def _site(site: Site) -> tuple[Fact, ...]:
    north = "N" if site.latitude_deg >= 0.0 else "S"
    east = "E" if site.longitude_deg >= 0.0 else "W"
    place = f"{abs(site.latitude_deg):.4f} deg {north}, {abs(site.longitude_deg):.4f} deg {east}"
    return (
        Fact(name="name", value=site.name),
        Fact(name="place", value=typeset(place)),
        Fact(name="altitude", value=_with_unit(site.altitude_m, 0, "m")),
        Fact(name="time zone", value=site.timezone or UNKNOWN),
        Fact(name="ground reflects (albedo)", value=number(site.albedo, 2)),
    )


def _weather(weather: Weather) -> tuple[Fact, ...]:
    return (
        Fact(name="source", value=weather.source),
        Fact(name="kind", value=weather.kind),
        Fact(name="global (GHI)", value=_with_unit(weather.ghi_kwh_m2, 1, "kWh/m²")),
        Fact(name="beam (DNI)", value=_with_unit(weather.dni_kwh_m2, 1, "kWh/m²")),
        Fact(name="diffuse (DHI)", value=_with_unit(weather.dhi_kwh_m2, 1, "kWh/m²")),
        Fact(name="steps", value=f"{weather.steps:,} ({weather.filled_steps:,} filled)"),
    )


def _models(document: ComparisonDocument) -> tuple[Fact, ...]:
    return tuple(
        Fact(name=name.replace("_", " "), value=UNKNOWN if value is None else str(value))
        for name, value in document.models.items()
    )


def _carbon(carbon: Carbon, answer: Headline, a_year: str) -> tuple[Fact, ...]:
    who = labels.mounting(answer.subject) if answer.subject else "tracking"
    return (
        Fact(name="factor", value=_with_unit(carbon.factor_kg_per_kwh, 4, "kg CO2 per kWh")),
        Fact(name="source", value=carbon.factor_source),
        Fact(name="kind", value=carbon.kind),
        Fact(name="year, region", value=f"{carbon.year}, {carbon.region}"),
        Fact(name="scope", value=carbon.scope),
        Fact(name=f"avoided by {who}", value=_with_unit(carbon.avoided_kg, 0, f"kg CO2{a_year}")),
        Fact(
            name="of that by tracking",
            value=_with_unit(carbon.extra_avoided_kg, 0, f"kg CO2{a_year}", sign=True),
        ),
    )


def _gains_figure(document: ComparisonDocument, answer: Headline) -> str:
    own: tuple[Gain, ...] = tuple(gain for gain in document.gains if gain.of == answer.subject)
    return gains_figure(own, document.claim) if own else ""


def _causes_figure(document: ComparisonDocument, answer: Headline) -> str:
    gain = document.gain(answer.subject, document.claim.over)
    return causes_figure(gain) if gain is not None and gain.causes else ""


def _losses_figure(document: ComparisonDocument, answer: Headline) -> str:
    row = document.mounting(answer.subject)
    return losses_figure(row) if row is not None and row.steps else ""


def _losses_name(document: ComparisonDocument, answer: Headline) -> str:
    return labels.mounting(answer.subject) if document.mounting(answer.subject) else ""


def _hours_names(tables: ReportTables) -> tuple[str, str]:
    table = tables.hour_by_month
    return (labels.mounting(table.tracked), labels.mounting(table.baseline)) if table else ("", "")


def _day(day: DayTables) -> Day:
    return Day(
        about=day.about,
        figure=day_figure(day),
        pointing_figure=pointing_figure(day.pointing) if day.pointing else "",
        pointing=tabulate.pointing_table(day.pointing) if day.pointing else None,
        events=tabulate.events_table(day.events) if day.events else None,
    )


def _with_unit(value: float | None, decimals: int, unit: str, *, sign: bool = False) -> str:
    return typeset(f"{number(value, decimals, sign=sign)} {unit}".replace("CO2", "CO₂"))
