"""Mountings compared fairly, claims tested.

Names load from their modules when first asked for: a worker of a sweep does without comparisons.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tracker.study.comparison import Comparison, compare
    from tracker.study.comparison_json import to_json_dict

__all__ = ["Comparison", "compare", "to_json_dict"]

HOMES: Final = {"Comparison": "comparison", "compare": "comparison", "to_json_dict": "comparison_json"}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"tracker.study.{HOMES[name]}"), name)
