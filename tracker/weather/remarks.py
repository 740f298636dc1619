"""What was done to weather before anything was computed from it, in sentences for people."""

from collections.abc import Callable, Iterator
from typing import Final

from tracker.weather.series import ASSUMED_TEMP_C, Weather

SENTENCES: Final[tuple[tuple[Callable[[Weather], int], str], ...]] = (
    (
        lambda weather: weather.unknown_wind_steps,
        "in {steps} the wind is unknown: nothing stows for wind in them, which favours tracking",
    ),
    (lambda weather: weather.filled_steps, "{steps} were interpolated in clearness from their neighbours"),
    (
        lambda weather: weather.counts.left_out,
        "{steps} lie on days with too little data; these days are left out, and with them their energy",
    ),
    (
        lambda weather: weather.counts.decomposed,
        "in {steps} beam and diffuse are modelled from global light by {model}",
    ),
    (
        lambda weather: weather.counts.closed,
        "in {steps} one of global, beam and diffuse follows from the others",
    ),
    (
        lambda weather: weather.counts.beyond_limits,
        "in {steps} values beyond what can be were taken as missing",
    ),
    (
        lambda weather: weather.counts.unclosed,
        "in {steps} measured global, beam and diffuse disagree by more than the BSRN allows",
    ),
    (lambda weather: weather.counts.negative, "in {steps} small negative irradiance was set to 0"),
    (
        lambda weather: weather.counts.temp_assumed,
        "the source has no air temperature: {temp:g} C is assumed in {steps}",
    ),
)


def notes(weather: Weather) -> tuple[str, ...]:
    """One sentence, without its full stop, for each thing that was assumed, modelled or left out."""
    return tuple(_told(weather))


def _told(weather: Weather) -> Iterator[str]:
    steps = weather.utc.size + weather.counts.left_out
    for count, sentence in SENTENCES:
        number = count(weather)
        if number:
            yield sentence.format(
                steps=f"{number:,} of {steps:,} steps", model=weather.decomposition, temp=ASSUMED_TEMP_C
            )
