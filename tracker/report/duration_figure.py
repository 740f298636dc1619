"""For how many hours a year each power is reached."""

from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.palette import AMBER, BLUE
from tracker.report.tables import Duration


def duration_figure(table: Duration, span: str) -> str:
    """Two falling curves: net power against the hours of the span in which it is reached or exceeded."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        for name, power_kw, colour in (
            (table.tracked, table.tracked_kw, AMBER),
            (table.baseline, table.baseline_kw, BLUE),
        ):
            axes.plot(table.hours, power_kw, color=colour, linewidth=1.6, label=labels.mounting(name))
        axes.set_xlim(0.0, _last_h(table))
        axes.set_ylim(bottom=min(0.0, float(table.tracked_kw.min())))
        axes.set_xlabel("hours a year" if span == labels.ONE_YEAR else f"hours of {span}")
        axes.set_ylabel("net power, kW")
        axes.legend()

    says = (
        f"Duration curves: {labels.mounting(table.tracked)} reaches {table.tracked_kw[0]:,.1f} kW, "
        f"{labels.mounting(table.baseline)} {table.baseline_kw[0]:,.1f} kW."
    )
    return inline_svg("duration", 2.4, says, paint)


def _last_h(table: Duration) -> float:
    """Where both have fallen to nothing, a little on; the whole time where one never does."""
    yields = (table.tracked_kw > 0.0) | (table.baseline_kw > 0.0)
    return float(min(1.05 * table.hours[yields][-1], table.hours[-1]))
