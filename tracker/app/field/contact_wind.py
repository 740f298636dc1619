"""Wind contacts of heads as the site's wind sensor."""

from dataclasses import dataclass

from tracker.app.field.mounts import BridgeMounts
from tracker.ports.wind import CONTACT_CALM_M_S, CONTACT_WIND_M_S, WindReading


@dataclass(frozen=True, slots=True)
class ContactWind:
    """Whether any of these heads feels wind, as they last said.

    A head that felt wind and fell silent still feels it: it may be the storm that silenced it. The reading
    is as old as the newest answer of any of them, so it grows stale once all are silent.
    """

    mounts: BridgeMounts
    heads: tuple[str, ...]

    def read(self, _now_s: float) -> WindReading | None:
        """Wind or calm, nothing between; None before the first answer."""
        heard = [last for name in self.heads if (last := self.mounts.last_heard(name)) is not None]
        if not heard:
            return None
        blows = any(status.wind_contact for status, _ in heard)
        return WindReading(
            gust_m_s=CONTACT_WIND_M_S if blows else CONTACT_CALM_M_S,
            measured_s=max(heard_s for _, heard_s in heard),
        )
