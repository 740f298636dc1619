import os
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[3] / "shared" / "calibration"


@pytest.fixture
def rng():
    return np.random.default_rng(20261121)


@pytest.fixture(scope="session")
def mmt_files():
    """Two public pointing runs of the MMT telescope."""
    files = sorted(DATA.glob("mmt_*.csv"))
    if not files and "CI" in os.environ:
        pytest.fail(f"no pointing runs in {DATA}: the data folder must stand beside the checkout in CI")
    if not files:
        pytest.skip(f"real pointing runs are not at {DATA}")
    return files
