"""Leaving a loop in good order: signals and the end of its time are heard between two ticks."""

import os
import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Final, Self

HEARD: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a service manager, a lost terminal


class Leaving:
    """While the block runs, a signal asks to leave and sets `wake`; a second one interrupts at once.

    A handler must not set the event itself: it may run while the same thread holds the event's lock. So the
    system writes a byte into a pipe, and a thread of its own reads it. `seconds` asks to leave after a time.
    What whoever started us had ignored (nohup does) stays ignored.
    """

    def __init__(self, wake: threading.Event, *, seconds: float | None = None) -> None:
        self.signal: int | None = None
        self._wake = wake
        self._seconds = seconds

    @property
    def asked(self) -> bool:
        """Whether it is time to leave."""
        return self.signal is not None or (self._end_s is not None and time.monotonic() >= self._end_s)

    def __enter__(self) -> Self:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        heard = [number for number in HEARD if signal.getsignal(number) != signal.SIG_IGN]
        self._handlers = {number: signal.signal(number, self._hear) for number in heard}
        self._fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._waker = threading.Thread(target=self._pass_on, name="leaving", daemon=True)
        self._waker.start()
        self._end_s = None if self._seconds is None else time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds or 0.0, self._wake.set)
        self._timer.daemon = True
        if self._seconds is not None:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        signal.set_wakeup_fd(self._fd)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._writer)  # the end of its input ends the thread
        self._waker.join()
        os.close(self._reader)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = number

    def _pass_on(self) -> None:
        while os.read(self._reader, 1):
            self._wake.set()
