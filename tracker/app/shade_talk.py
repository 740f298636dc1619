"""What is said while it is worked out how heads keep out of each other's shade."""

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from tracker.app.output import progress, tell
from tracker.plant import Plant

if TYPE_CHECKING:
    from collections.abc import Callable

WORK: Final = "working out how heads keep out of each other's shade, once for this field"


def keep_shade_told(plant: Plant) -> None:
    """Have the table at hand for whoever asks next; what takes long is told on stderr.

    A bar on a terminal, else one line. A table that is kept from before, and a field that has nothing to
    gain, are not worth a word.
    """
    from tracker.study.driven.shade_aim import aim_table  # the yield's code, 0.8 s: other commands go without

    with ExitStack() as stack:
        aim_table(plant.array, plant.site.latitude_deg, _Told(stack))


class _Told:
    """Told of the share that is done; opens its mouth when there is something to do."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._bar: Callable[[float], None] | None = None

    def __call__(self, share: float) -> None:
        if self._bar is None:
            if not sys.stderr.isatty():
                tell(WORK)
            self._bar = self._stack.enter_context(progress(WORK.capitalize(), total=1.0))
        self._bar(share)
