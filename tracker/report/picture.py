"""A Matplotlib figure as a file of its own; nothing global is left changed."""

import io
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import matplotlib as mpl
from matplotlib.figure import Figure

from tracker.report.canvas import NO_METADATA, STYLE
from tracker.report.palette import PAPER

DOTS_PER_INCH: Final = 200
Form: TypeAlias = Literal["png", "svg"]


def picture(name: str, size_in: tuple[float, float], form: Form, paint: Callable[[Figure], None]) -> bytes:
    """PNG, or SVG with text as text; the same bytes for the same picture. `name` is that of its ids."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**STYLE, "svg.hashsalt": name})
        figure = Figure(figsize=size_in, layout="constrained", dpi=DOTS_PER_INCH)
        paint(figure)
        file = io.BytesIO()
        metadata = NO_METADATA if form == "svg" else {"Software": None}
        figure.savefig(file, format=form, metadata=metadata, facecolor=PAPER)
    return file.getvalue()
