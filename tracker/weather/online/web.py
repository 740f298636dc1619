"""Asking services with patience: spaced out, again after a fault that passes, never for ever."""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from enum import Enum
from os import environ
from typing import Final

import requests

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.weather.files.raw import RawWeather
from tracker.weather.online.services import EMAIL, KEY, Request, Service

_log = logging.getLogger(__name__)

WAITS_S: Final = (1.0, 4.0, 16.0)  # before the second and later attempts; a server's Retry-After is longer
LONGEST_WAIT_S: Final = 120.0  # chosen: a service that asks for more is asked another day
ANSWER_S: Final = 180.0  # chosen: PVGIS takes up to a minute for sixteen years
SECRETS: Final = (KEY, EMAIL)
# pvlib hands some refusals on without their status; these words tell those that pass.
PASSES: Final = re.compile(
    r"too many|rate.?limit|over.?load|try again|temporar|unavailable|internal|timed? ?out", re.IGNORECASE
)
PASSING_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
UNREADABLE: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration)


class Fault(Enum):
    """What an error of a request means, in words for its message."""

    OFFLINE = "cannot be reached, this machine may be offline"
    PASSING = "does not answer properly"
    REFUSED = "refuses the request"


MENDS: Final = {
    Fault.OFFLINE: "connect it",
    Fault.PASSING: "try again later",
    Fault.REFUSED: "correct the request",
}


@dataclass(slots=True, kw_only=True)
class Web:
    """The way to the services, with the time of the last request to each; `wait` takes seconds.

    urls sends services elsewhere, by name; answer_s is the longest that one attempt may take.
    """

    now_s: Callable[[], float]
    wait: Callable[[float], None]
    environ: Mapping[str, str]
    urls: Mapping[str, str] = field(default_factory=dict)
    answer_s: float = ANSWER_S
    free_at_s: dict[str, float] = field(default_factory=dict)

    def fetch(self, service: Service, site: Site, period: str) -> RawWeather:
        """What the service says of a period; InvalidWeather when it refuses, or after all attempts."""
        request = Request(
            site=site,
            period=period,
            url=self.urls.get(service.name),
            environ=self.environ,
            timeout_s=self.answer_s,
        )
        attempt = 0
        while True:
            self._keep_apart(service)
            try:
                return within(self.answer_s, lambda: service.ask(request))
            except (requests.RequestException, *UNREADABLE) as error:
                self._bear(error, attempt, service, period)
            attempt += 1

    def _bear(self, error: BaseException, attempt: int, service: Service, period: str) -> None:
        """Wait until it makes sense to ask again, or raise InvalidWeather."""
        fault, says = _fault(error), self._without_secrets(error)
        wait_s = max(WAITS_S[min(attempt, len(WAITS_S) - 1)], _retry_after_s(error))
        if fault is not Fault.PASSING or attempt == len(WAITS_S) or wait_s > LONGEST_WAIT_S:
            raise InvalidWeather(_message(service, period, fault, says)) from None
        _log.warning("%s:%s: %s; asking again in %g s", service.name, period, says, wait_s)
        self.wait(wait_s)

    def _keep_apart(self, service: Service) -> None:
        early_s = self.free_at_s.get(service.name, self.now_s()) - self.now_s()
        if early_s > 0.0:
            self.wait(early_s)
        self.free_at_s[service.name] = self.now_s() + service.apart_s

    def _without_secrets(self, error: BaseException) -> str:
        """The error in a line, its class for those that carry the address with the key in it."""
        said = str(error.args[0]) if isinstance(error, requests.HTTPError) and error.args else ""
        for secret in filter(None, map(self.environ.get, SECRETS)):
            said = said.replace(secret, "***")
        plain = re.sub(r"https?://\S+", "its address", " ".join(said.split()))[:300]
        return plain or type(error).__name__


def within(limit_s: float, call: Callable[[], RawWeather]) -> RawWeather:
    """What the call returns or raises; requests.Timeout if that takes longer than limit_s.

    One of pvlib's clients takes no time limit, and the others limit each wait, not their sum. The thread of
    a call that is given up ends with the program.
    """
    future: Future[RawWeather] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001  handed to the caller, who raises it
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="weather request").start()
    try:
        return future.result(limit_s)
    except FutureTimeout:
        raise requests.Timeout(f"no answer within {limit_s:g} s") from None


def _fault(error: BaseException) -> Fault:
    if isinstance(error, requests.HTTPError):
        status = None if error.response is None else error.response.status_code
        passes = PASSES.search(str(error)) if status is None else status in PASSING_STATUS
        return Fault.PASSING if passes else Fault.REFUSED
    if isinstance(error, requests.ConnectionError) and not isinstance(error, requests.Timeout):
        began = not re.search("NewConnection|NameResolution|Proxy|unreachable", repr(error))
        return Fault.PASSING if began else Fault.OFFLINE
    return Fault.PASSING


def _retry_after_s(error: BaseException) -> float:
    """Seconds that the server asks to wait; 0 where it says nothing, or a date."""
    response = getattr(error, "response", None)
    said = "" if response is None else response.headers.get("Retry-After", "")
    return float(said) if said.isdigit() else 0.0


def _message(service: Service, period: str, fault: Fault, says: str) -> str:
    tried = f" after {len(WAITS_S) + 1} attempts" if fault is Fault.PASSING else ""
    return (
        f"{service.name}:{period}: the service {fault.value}{tried} ({says}); {MENDS[fault]}, or download "
        f"the file elsewhere from {service.page} and give its path as weather.source"
    )


WEB: Final = Web(now_s=time.monotonic, wait=time.sleep, environ=environ)
"""The one of this process, so that all its requests keep apart."""
