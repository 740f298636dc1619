"""From weather and a panel's normal to electric power: one chain over arrays."""

from tracker.pv.chain import PanelYield, mean_yield, yield_of
from tracker.pv.daylight import Daylight, Models, daylight_of, hidden_daylight, on_heads
from tracker.pv.shade import Shade

__all__ = [
    "Daylight",
    "Models",
    "PanelYield",
    "Shade",
    "daylight_of",
    "hidden_daylight",
    "mean_yield",
    "on_heads",
    "yield_of",
]
