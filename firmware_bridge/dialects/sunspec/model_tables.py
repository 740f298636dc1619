"""The served models as tables for people: `docs/sunspec/registers.md` is written from here."""

from collections.abc import Iterator, Sequence

from firmware_bridge.dialects.sunspec.layout import ALL, BASES, HEADER, MARKER, Place, model_places
from firmware_bridge.dialects.sunspec.models import MODELS
from firmware_bridge.dialects.sunspec.points import Model

_TITLE = "# Registers of the SunSpec server"
_INTRODUCTION = (
    f"Holding registers from {BASES[0]} (marker `SunS`), models one after the other, then the end model. "
    "Numbers are big-endian; `_SF` points are powers of ten. N is the number of trackers. Written from "
    "`firmware_bridge/dialects/sunspec/models.py` by `python -m firmware_bridge.dialects.sunspec tables`; "
    "what a write means, and what is declined, stands in `docs/decisions/0012-modbus.md`."
)
_HEADINGS = (
    "| offset | point | type | registers | scale | unit | access | meaning |",
    "|---|---|---|---|---|---|---|---|",
)


def tables_text() -> str:
    """All served models, as the text of a Markdown file."""
    return "\n".join((_TITLE, "", _INTRODUCTION, *_chapters())) + "\n"


def _chapters() -> Iterator[str]:
    first, trackers_before = BASES[0] + len(MARKER), 0
    for model in MODELS:
        again = f" + {trackers_before} N" if trackers_before else ""
        yield from ("", f"## Model {model.number}: {model.text}", "", f"Its ID stands at {first}{again}.", "")
        yield from _table([place for place in model_places(model, 0, 1) if place.tracker == ALL])
        if model.tracker_points:
            yield from ("", f"Then N times, {model.tracker_length} registers each:", "")
            yield from _table(_of_each(model))
        first += HEADER + model.fixed_length
        trackers_before += model.tracker_length


def _of_each(model: Model) -> list[Place]:
    return [place for place in model_places(model, 0, 1) if place.tracker != ALL]


def _table(places: Sequence[Place]) -> Iterator[str]:
    yield from _HEADINGS
    for place in places:
        point = place.point
        symbols = ", ".join(f"{value} {name}" for name, value in point.symbols)
        cells = (
            place.address,
            f"`{point.name}`",
            point.kind,
            point.registers,
            f"`{point.scale}`" if point.scale else "",
            point.units,
            "read, write" if point.writable else "read",
            point.text + (f" ({symbols})" if symbols else ""),
        )
        yield f"| {' | '.join(map(str, cells))} |"
