"""sunflower layout: which pattern, how dense, and what is best on a piece of land."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from tracker.app.cli.border import AsJson, SiteFile, files_of, refuse_over_input, wrong_use
from tracker.app.cli.words import option
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.operations.layout import LayoutAnswer
    from tracker.plant import Plant

Form: TypeAlias = Literal["png", "svg", "html"]
FORMS: Final[Mapping[str, Form]] = {".png": "png", ".svg": "svg", ".html": "html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Figures to be drawn: the layouts into a file, and the shadows of a day, beside it or on its page."""

    file: Path
    form: Form
    day: date | None

    @property
    def shadows_file(self) -> Path:
        """Where the shadows go that do not stand on a page."""
        return self.file.with_stem(f"{self.file.stem}-shadows")

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that will be written."""
        beside = self.day is not None and self.form != "html"
        return (self.file, self.shadows_file) if beside else (self.file,)


def layout(
    site: SiteFile,
    pattern: Annotated[
        list[str] | None, option("--pattern", says="vogel, ring or grid; may be repeated [all].")
    ] = None,
    spacings: Annotated[
        str | None,
        option("--spacings", metavar="M,M,...", says="Metres [1.05 to 3 diameters of a head]."),
    ] = None,
    area_m2: Annotated[
        float | None, option("--area", metavar="M2", says="Fill this much land; find the best layout.")
    ] = None,
    heads: Annotated[
        int | None, option("--heads", says="Heads of a field, with --area at most [the site's].")
    ] = None,
    figure: Annotated[
        Path | None, option("--figure", metavar="FILE", says="Draw it: .png, .svg, or a page .html.")
    ] = None,
    shadows: Annotated[
        str | None,
        option("--shadows", metavar="DATE", says="Draw that day's shadows too, as FILE-shadows."),
    ] = None,
    avoid_shade: Annotated[
        bool, option("--avoid-shade", says="Let heads stay out of each other's shade; takes minutes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Weigh energy a head against energy a square metre of land, over patterns and spacings."""
    drawing = _drawing(figure, shadows)

    from tracker.app.config import load_site
    from tracker.app.output import emit, progress
    from tracker.app.text.layout import layout_text
    from tracker.operations.compare import weather_for
    from tracker.operations.layout import layouts_for
    from tracker.study.layouts.fields import plan_for

    plant = load_site(site)
    if drawing is not None:
        for file in drawing.files:
            refuse_over_input(file, *files_of(site), Path(plant.weather_source))
    plan = plan_for(
        plant,
        patterns=tuple(pattern or ()),
        spacings_m=_metres(spacings),
        heads=heads,
        area_m2=area_m2,
        avoid_shade=avoid_shade,
    )
    with progress("Laying out", total=1.0) as done:
        answer = layouts_for(plant, weather_for(plant), plan, done)
    if drawing is not None:
        _draw(drawing, plant, answer)
    emit(answer.document, as_json=as_json, text=layout_text(answer.document))


def _metres(spacings: str | None) -> tuple[float, ...]:
    if spacings is None:
        return ()
    try:
        return tuple(float(text) for text in spacings.split(","))
    except ValueError as error:
        raise InvalidInput(f"--spacings {spacings}: not metres; give numbers such as 5,6,8") from error


def _drawing(figure: Path | None, shadows: str | None) -> Drawing | None:
    """What is to be drawn; None if nothing is."""
    if figure is None:
        if shadows is not None:
            raise InvalidInput("--shadows is for the figure; give --figure FILE too")
        return None
    form = FORMS.get(figure.suffix.lower())
    if form is None:
        raise InvalidInput(f"--figure {figure}: give a name that ends in .png, .svg or .html")
    return Drawing(file=figure, form=form, day=None if shadows is None else _day(shadows))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--shadows {text}: not a date; give one such as 2025-06-21") from error


def _draw(drawing: Drawing, plant: "Plant", answer: "LayoutAnswer") -> None:
    from tracker.app.output import tell, write_atomically
    from tracker.operations import layout as operations

    shadows = None
    if drawing.day is not None:
        with wrong_use("--shadows"):
            shadows = operations.shadows_on(plant, answer, drawing.day)
    contents: dict[Path, str | bytes] = {}
    if drawing.form == "html":
        contents[drawing.file] = operations.layouts_page(answer, shadows)
    else:
        contents[drawing.file] = operations.layouts_image(answer, drawing.form)
        if shadows is not None:
            contents[drawing.shadows_file] = operations.shadows_picture(answer, shadows, drawing.form)
    for file, content in contents.items():
        write_atomically(file, content)
        tell(f"written: {file}")
