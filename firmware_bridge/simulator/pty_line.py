"""A pseudo-terminal whose other end looks like a serial port to any program."""

import contextlib
import os
import tty
from pathlib import Path
from typing import Final

from firmware_bridge.errors import PortUnavailable

READ_BYTES: Final = 4096
TERMINALS: Final = "/dev/pts"


class PtyLine:
    """The simulator's end of a serial line; `port` is the path for the other end.

    The other end is held open here too, so that a client that hangs up is no hang-up for us. `link` is an
    optional symlink to it. Raises PortUnavailable when the link's place is taken or cannot be written.
    """

    def __init__(self, link: str | None) -> None:
        self._link = None if link is None else Path(link)
        self.descriptor, self._held_open = -1, -1
        self._open()

    @property
    def port(self) -> str:
        """What a client opens."""
        return self._terminal if self._link is None else str(self._link)

    def read(self) -> bytes:
        """What clients have sent; empty when nothing is there."""
        try:
            return os.read(self.descriptor, READ_BYTES)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """Send; what nobody fetches is lost once the system's buffer is full, as on a wire."""
        with contextlib.suppress(BlockingIOError):
            os.write(self.descriptor, data)

    def hang_up(self) -> None:
        """Pull the line: clients find it gone, and its link too."""
        if self.descriptor < 0:
            return
        if self._link is not None and self._leads_to_us(self._link):
            self._link.unlink()
        os.close(self.descriptor)
        os.close(self._held_open)
        self.descriptor = -1

    def come_back(self, *, renamed: bool) -> None:
        """Plug it in again, the same link to it; renamed, the terminal's own name is surely another."""
        before = self._terminal
        self._open()
        if renamed and self._terminal == before:
            passed_over = self.descriptor, self._held_open
            self._open()
            for descriptor in passed_over:
                os.close(descriptor)

    def close(self) -> None:
        """Take the line and its link away; a link that points elsewhere by now is not ours."""
        self.hang_up()

    def _open(self) -> None:
        self.descriptor, self._held_open = os.openpty()
        tty.setraw(self._held_open)
        os.set_blocking(self.descriptor, False)
        self._terminal = os.ttyname(self._held_open)
        if self._link is not None:
            self._make_link(self._link)

    def _leads_to_us(self, link: Path) -> bool:
        return link.is_symlink() and str(link.readlink()) == self._terminal

    def _make_link(self, link: Path) -> None:
        if link.is_symlink() and link.readlink().is_relative_to(TERMINALS):
            link.unlink()  # ours, or left over from a simulator that was killed
        try:
            link.symlink_to(self._terminal)
        except OSError as error:
            self.close()
            raise PortUnavailable(
                str(link),
                f"cannot be made a link ({error.strerror})",
                "give a free path in a folder of yours",
            ) from error
