"""Errors that a user can act on: each message gives the value, the limit and the next action."""


class TrackerError(Exception):
    """Anything that stops a command for a reason its user can mend."""


class InvalidInput(TrackerError):
    """A file, option or argument that cannot be used as it is."""


class InvalidSite(InvalidInput):
    """A site file with one or more errors; `problems` holds them all, one line each."""

    def __init__(self, place: str, problems: tuple[str, ...]) -> None:
        self.place, self.problems = place, problems
        count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
        super().__init__(f"{place}: {count}\n" + "\n".join(f"  {problem}" for problem in problems))


class InvalidWeather(InvalidInput):
    """A weather file that is damaged, incomplete or from another place."""


class TravelExceeded(TrackerError):
    """A position was asked for that the mount cannot reach."""

    def __init__(self, axis: str, wanted_deg: float, limit_deg: float) -> None:
        self.axis, self.wanted_deg, self.limit_deg = axis, wanted_deg, limit_deg
        super().__init__(f"{axis}: {wanted_deg:.2f} deg is past {limit_deg:.2f} deg; ask for an angle inside")


class RefusedForSafety(TrackerError):
    """The action is refused because somebody or something could be hurt."""


class DeviceUnavailable(TrackerError):
    """A port, link or device does not answer as it should."""


class OutputFailed(TrackerError):
    """A result could not be written; nothing half-written is left behind."""


class CheckFailed(TrackerError):
    """A check that was asked for came out negative."""
