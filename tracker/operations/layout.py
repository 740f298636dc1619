"""How dense should heads stand: the layout study with its document, its figures and its page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.plant import Array, Plant
from tracker.report.layout_tables import ShadowFrames, best_row, layout_rows
from tracker.study.layouts import LayoutPlan, layout_document, shadows_of_day, study_layouts
from tracker.weather.series import Weather

if TYPE_CHECKING:
    from tracker.report.picture import Form


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayoutAnswer:
    """A study's document, and the field to show: that of most energy on the area, else the site's own."""

    document: dict[str, Any]
    shown: Array
    shown_as: str


def layouts_for(
    plant: Plant, weather: Weather, plan: LayoutPlan, done: Callable[[float], None]
) -> LayoutAnswer:
    """Work out the plan's fields; `done` hears the share that is. Raises what `study_layouts` raises."""
    study = study_layouts(plant, weather, plan, done=done)
    document = layout_document(study)
    if study.best is None:
        return LayoutAnswer(document=document, shown=plant.array, shown_as="the site's heads")
    field = study.yields[study.best].field
    return LayoutAnswer(
        document=document, shown=field.array, shown_as=f"{field.pattern}, {field.spacing_m:g} m"
    )


def shadows_on(plant: Plant, answer: LayoutAnswer, day: date) -> tuple[str, ShadowFrames]:
    """Title and frames of a day's shadows on the field that is shown. Raises InvalidInput."""
    avoid_shade = answer.document["avoid_shade"]
    seen = shadows_of_day(replace(plant, array=answer.shown), day, avoid_shade=avoid_shade)
    frames = ShadowFrames(
        hours=seen.local_hours,
        sun_azimuth_deg=seen.sun_azimuth_deg,
        sun_elevation_deg=seen.sun_elevation_deg,
        heads_m=seen.heads_m,
        shadows_m=seen.shadows_m,
        shaded=seen.shaded,
    )
    return f"Shadows on {day.day} {day:%B %Y}, {answer.shown_as}", frames


def layouts_image(answer: LayoutAnswer, form: "Form") -> bytes:
    """The figure of all layouts."""
    from tracker.report.layout_figure import layout_image  # here, because drawing loads Matplotlib

    document = answer.document
    return layout_image(document["site"]["name"], layout_rows(document), best_row(document), form)


def shadows_picture(answer: LayoutAnswer, shadows: tuple[str, ShadowFrames], form: "Form") -> bytes:
    """The figure of a day's shadows."""
    from tracker.report.shadows_figure import shadows_image

    title, frames = shadows
    return shadows_image(f"{answer.document['site']['name']}: {title}", frames, form)


def layouts_page(answer: LayoutAnswer, shadows: tuple[str, ShadowFrames] | None) -> str:
    """The page with both."""
    from tracker.report.layout_page import render_layouts

    return render_layouts(answer.document, shadows)
