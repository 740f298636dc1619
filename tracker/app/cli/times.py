"""Times as people give them on a command line, as UTC."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tracker.errors import InvalidInput
from tracker.units import UtcArray

STEP: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
UNIT_S: Final = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
MOST_TIMES: Final = 1_000_000
EXAMPLE: Final = "2025-06-21T04:00Z"


def times_asked(
    utc: Sequence[str], start: str | None, end: str | None, step: str, timezone: str | None
) -> UtcArray:
    """The times (T) of --utc, or from --from to --to by --step, both ends included where the step meets them.

    Raises InvalidInput for a time that cannot be read or lacks a zone, and for options that do not fit.
    """
    if utc and (start or end):
        raise InvalidInput("--utc and --from, --to exclude each other; give either")
    if utc:
        return np.array([_numpy(moment(text, "--utc", "UTC")) for text in utc])
    if start is None or end is None:
        raise InvalidInput(f"no time: give --utc {EXAMPLE}, or --from, --to and --step")
    first, last = moment(start, "--from", timezone), moment(end, "--to", timezone)
    if last < first:
        raise InvalidInput(f"--to {end} is before --from {start}; exchange them")
    step_us = _step_us(step)
    span_us = (last - first) // (last.resolution)
    if span_us // step_us >= MOST_TIMES:
        raise InvalidInput(
            f"--step {step} gives more than {MOST_TIMES} times; give a longer step or less time"
        )
    return _numpy(first) + np.arange(0, span_us + 1, step_us).astype("timedelta64[us]")


def moment(text: str, option: str, timezone: str | None) -> datetime:
    """One ISO 8601 time as UTC; one without Z or offset is in the timezone.

    Raises InvalidInput naming the option for what is no time, or leaves open which one it is.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput(f"{option} {text}: not a time; give ISO 8601 such as {EXAMPLE}") from error
    if time.tzinfo is None:
        time = _in_zone(time, f"{option} {text}", timezone)
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(f"{option} {text}: out of the calendar; give a year from 1900 to 2200") from error


def stamps(times: UtcArray) -> list[str]:
    """ISO 8601 with Z; to the second where that says all, else to the microsecond."""
    whole = bool(np.all(times == times.astype("datetime64[s]")))
    return [f"{text}Z" for text in np.datetime_as_string(times, unit="s" if whole else "us")]


def _in_zone(time: datetime, place: str, timezone: str | None) -> datetime:
    if timezone is None:
        raise InvalidInput(
            f"{place}: no zone; add Z for UTC or an offset such as +08:00, or give SITE and --local"
        )
    early, late = (time.replace(tzinfo=ZoneInfo(timezone), fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        raise InvalidInput(
            f"{place}: is twice or never in {timezone}, where clocks change; add an offset such as +08:00"
        )
    return early


def _step_us(step: str) -> int:
    match = STEP.fullmatch(step.strip())
    step_us = round(float(match[1]) * UNIT_S[match[2]] * 1e6) if match else 0
    if step_us <= 0:
        raise InvalidInput(f"--step {step}: not a time span above 0; give 30s, 10min, 1h or 1d")
    return step_us


def _numpy(time: datetime) -> np.datetime64:
    return np.datetime64(time.replace(tzinfo=None), "us")
