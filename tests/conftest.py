"""What every room's tests share: no waiting, real data by name, one seed."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture
def rng():
    return np.random.default_rng(20250320)


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch):
    sleep = time.sleep

    def refuse(seconds):
        if sys._getframe(1).f_globals["__name__"] == "subprocess":  # waits for the end of a real process
            return sleep(seconds)
        raise AssertionError(f"time.sleep({seconds}) in a test: pass time in instead")

    monkeypatch.setattr(time, "sleep", refuse)


@pytest.fixture(autouse=True)
def no_cache_of_the_users(monkeypatch):
    """Every test reads its weather itself, in programs that it starts too."""
    monkeypatch.setenv("SUNFLOWER_CACHE", "")


@pytest.fixture(scope="session")
def weather_folder() -> Path:
    return _shared("weather")


@pytest.fixture(scope="session")
def calibration_folder() -> Path:
    return _shared("calibration")


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        message = f"real data for this test is missing: put it at {folder}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
