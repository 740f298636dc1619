"""Why a fit may be refused: raised, never only logged."""

from tracker.errors import TrackerError


class IllConditioned(TrackerError):
    """The sightings cannot tell the named terms apart; no number is given for any of them."""

    def __init__(self, head: str, names: tuple[str, ...], condition: float, limit: float) -> None:
        self.head, self.names, self.condition, self.limit = head, names, condition, limit
        super().__init__(
            f"{head}: the sightings cannot tell {' and '.join(names)} apart (condition {condition:.3g}, "
            f"limit {limit:.0e}); take sightings over a wider range of the sky or fit fewer terms"
        )


class NotConverged(TrackerError):
    """The optimiser stopped before it found a minimum."""

    def __init__(self, head: str, evaluations: int, reason: str) -> None:
        self.head, self.evaluations = head, evaluations
        super().__init__(
            f"{head}: no minimum after {evaluations} evaluations ({reason}); "
            "look for wrong sightings or fit fewer terms"
        )
