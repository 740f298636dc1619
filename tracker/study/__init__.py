"""Mountings compared fairly, claims tested."""

from tracker.study.comparison import Comparison, compare
from tracker.study.comparison_json import to_json_dict

__all__ = ["Comparison", "compare", "to_json_dict"]
