"""A long run in many stretches at once, joined exactly: parallel in time.

Each stretch begins in a guess of where the one before it ends, all are walked together as lanes of the same
arrays, and those that began wrongly are walked again from where the one before them did end, until none is
left. The result is that of one walk from beginning to end, to the bit: the iteration of parareal (Lions,
Maday and Turinici 2001) with the fine step alone. It is fast where a day forgets the day before.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.units import BoolArray, IntArray

Tree = TypeVar("Tree")
State = TypeVar("State")
Columns = TypeVar("Columns")
Walk = Callable[[State, IntArray], tuple[State, Columns]]


def joined(start: State, stretches: int, walk: Walk[State, Columns]) -> Columns:
    """What `walk` records over all stretches, (S, ...) in each array, when the first begins in `start`.

    `walk(begins, which)` walks those stretches from states `begins` and returns where they end and what they
    record. States and records are dataclasses of arrays, one row a stretch; `start` has one row.
    """
    everything = np.arange(stretches)
    begins = _rows(start, np.zeros(stretches, dtype=np.int64))
    ends, records = walk(begins, everything)
    while (wrong := np.flatnonzero(_differ(begins, wanted := _after(start, ends)))).size:
        begins = wanted
        ends_again, records_again = walk(_rows(begins, wrong), wrong)
        ends, records = _put(ends, wrong, ends_again), _put(records, wrong, records_again)
    return records


def _after(start: State, ends: State) -> State:
    """Where each stretch has to begin: the first in the start, each other where the one before it ends."""
    return _combined(lambda first, last: np.concatenate([first, last[:-1]]), start, ends)


def _rows(tree: State, which: IntArray) -> State:
    return _combined(lambda rows: rows[which], tree)


def _put(tree: State, which: IntArray, part: State) -> State:
    def written(rows: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        rows = rows.copy()
        rows[which] = new
        return rows

    return _combined(written, tree, part)


def _differ(tree: State, other: State) -> BoolArray:
    """Which rows are not the same; what is unknown in both is the same."""
    pairs = zip(_arrays(tree), _arrays(other), strict=True)
    rows = [~((one == two) | ((one != one) & (two != two))) for one, two in pairs]
    return np.asarray(np.logical_or.reduce(rows), dtype=np.bool_)


def _arrays(tree: object) -> Iterator[NDArray[Any]]:
    if is_dataclass(tree):
        for each in fields(tree):
            yield from _arrays(getattr(tree, each.name))
    else:
        yield np.asarray(tree)


def _combined(how: Callable[..., NDArray[Any]], first: Tree, *others: Tree) -> Tree:
    """A tree like the first, of what `how` makes of the arrays of all."""
    values: dict[str, Any] = {}
    for each in fields(first):  # type: ignore[arg-type]  # a dataclass, as all states and records are
        branches = [getattr(tree, each.name) for tree in (first, *others)]
        values[each.name] = _combined(how, *branches) if is_dataclass(branches[0]) else how(*branches)
    return replace(first, **values)  # type: ignore[type-var]
