"""An end of a line whose faults are played out: what clients write arrives as a bad line lets it."""

from collections.abc import Callable

from firmware_bridge.simulator.faulty_line import End, FaultyLine, Presence
from firmware_bridge.simulator.line_end import LineEnd

Behind = Callable[[bytes, float], bytes]


class FaultyEnd:
    """Between clients at `end` and whoever answers `behind(data, at_s) -> reply`.

    Times are seconds since the line began, and must not go back. `bytes_received` counts what clients sent.
    """

    def __init__(self, end: LineEnd, line: FaultyLine, behind: Behind) -> None:
        self._end, self._line, self._behind = end, line, behind
        self._presence = Presence.THERE
        self._changes_s = line.next_change_s(0.0)
        self._renamed = False
        self.bytes_received = 0

    @property
    def next_s(self) -> float:
        """When something happens by itself next."""
        return min(self._line.next_s, self._changes_s)

    def hear(self, now_s: float, timeout_s: float = 0.0) -> None:
        """Take what clients have sent, waiting at most timeout_s for it; all that is due happens first."""
        self.run_until(now_s)
        data = self._end.read(timeout_s)
        if data:
            self.bytes_received += len(data)
            self._line.from_host(data, now_s)
            self.run_until(now_s)

    def say(self, data: bytes, now_s: float) -> None:
        """Devices say something, asked or not."""
        if data:
            self._line.from_device(data, now_s)
            self.run_until(now_s)

    def run_until(self, now_s: float) -> None:
        """Let everything happen that is due by now, in order of time."""
        while self.next_s <= now_s:
            if self._changes_s <= self._line.next_s:
                self._change(self._changes_s)
            else:
                self._deliver(self._line.next_s)

    def _deliver(self, until_s: float) -> None:
        arrived = self._line.arrived(until_s)
        if arrived is None:
            return
        at_s, end, data = arrived
        if end is End.HOST:
            self._end.write(data)
        elif reply := self._behind(data, at_s):
            self._line.from_device(reply, at_s)

    def _change(self, at_s: float) -> None:
        presence = self._line.presence(at_s)
        if presence is not self._presence:
            self._end.hang_up()
            if presence is not Presence.AWAY:
                self._end.come_back(renamed=self._renamed)
        self._renamed = self._line.renamed(at_s)
        self._presence, self._changes_s = presence, self._line.next_change_s(at_s)
