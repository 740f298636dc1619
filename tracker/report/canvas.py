"""A Matplotlib figure as SVG text that can stand inside an HTML page; nothing global is left changed."""

import html
import io
import re
from collections.abc import Callable
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report.palette import INK, MUTED, PAPER, RULE

WIDTH_IN: Final = 5.0  # at a phone's width its text is still 8 pixels high
STYLE: Final[dict[Any, object]] = {
    "svg.fonttype": "none",  # text stays text: small, selectable, in the page's own type
    "font.family": ["DejaVu Sans"],  # measured with the font that Matplotlib ships, so the same everywhere
    "font.size": 8.0,
    "text.parse_math": False,  # a dollar in a site's name is a dollar
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.facecolor": "none",
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 8.0,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "patch.edgecolor": PAPER,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
}
NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def inline_svg(name: str, height_in: float, says: str, paint: Callable[[Figure], None]) -> str:
    """An <svg> element of the same bytes for the same picture; `says` is its text for those who cannot see.

    `name` keeps the ids of several figures on one page apart.
    """
    with mpl.rc_context():
        mpl.rcdefaults()  # the user's own matplotlibrc must not reach the page
        mpl.rcParams.update({**STYLE, "svg.hashsalt": name})
        figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
        paint(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=NO_METADATA)
    return _for_html(text.getvalue(), name, says)


def hour_axis(axes: Axes, first: float, last: float) -> None:
    """Label an x axis in hours as clock times, every three hours."""
    ticks = [hour for hour in range(0, 49, 3) if first <= hour <= last]
    axes.set_xlim(first, last)
    axes.set_xticks(ticks, [f"{hour % 24:02d}:00" for hour in ticks])


def _for_html(svg: str, name: str, says: str) -> str:
    body = svg[svg.index("<svg") :]
    body = re.sub(r' xmlns(:xlink)?="[^"]*"', "", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)  # inherited from the page
    body = _own_ids(body, name)
    viewbox = re.search(r'viewBox="[^"]*"', body)
    box = viewbox.group() if viewbox else ""
    head = f'<svg {box} role="img" aria-label="{html.escape(says)}">'
    return head + body[body.index(">") + 1 :].strip()


def _own_ids(body: str, name: str) -> str:
    """Ids that something points to get the figure's name in front; the others go."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    return re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", body)
