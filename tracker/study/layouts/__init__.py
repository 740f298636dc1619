"""Which layout, and how dense: what heads yield against the land that they take."""

from tracker.study.layouts.document import layout_document
from tracker.study.layouts.fields import LayoutPlan
from tracker.study.layouts.shadows import DayShadows, shadows_of_day
from tracker.study.layouts.study import LayoutStudy, study_layouts

__all__ = [
    "DayShadows",
    "LayoutPlan",
    "LayoutStudy",
    "layout_document",
    "shadows_of_day",
    "study_layouts",
]
