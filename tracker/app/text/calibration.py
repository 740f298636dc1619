"""What a fit and a verification tell people and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration import FitResult, HeadFit, Sightings
from tracker.units import FloatArray

LEGEND = (
    "off: rms miss as drawn; left: after the fit; sky: what the sightings leave open, over the whole sky."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A calibration held against sightings."""

    document: dict[str, Any]
    text: str
    failed: tuple[str, ...]


def fit_document(result: FitResult) -> dict[str, Any]:
    """The JSON of `sunflower calibrate fit`, without the file's name."""
    return {"heads": [_head(fit) for fit in result.heads]}


def fit_text(result: FitResult, out: Path, names: Sequence[str]) -> str:
    """One line a head: how far off it was, what is left, and the terms that count."""
    lines = [
        f"{'head':<8}{'sightings':>10}{'off, deg':>10}{'left, deg':>11}{'sky, deg':>10}  largest terms, deg"
    ]
    for fit in result.heads:
        rms_deg, _ = fit.sky_sigma_deg
        numbers = f"{fit.zero_rms_deg:>10.3f}{fit.rms_deg:>11.3f}{rms_deg:>10.3f}"
        lines.append(f"{fit.head:<8}{fit.sightings:>10}{numbers}  {_largest(fit)}")
    unseen = [name for name in names if name not in {fit.head for fit in result.heads}]
    if unseen:
        lines.append(f"No sightings of {', '.join(unseen)}: they count as drawn.")
    return "\n".join(
        [*lines, LEGEND, f"Calibration: {out}", "Apply it with: sunflower calibrate apply SITE " + str(out)]
    )


def verification(misses: FloatArray, sightings: Sightings, limit_deg: float) -> Verification:
    """Median and largest miss of each head; heads over the limit in the median have failed."""
    rows, failed = [], []
    for index, head in enumerate(sightings.heads):
        off_deg = np.hypot(*misses[sightings.head_index == index].T)
        median_deg = float(np.median(off_deg))
        rows.append(
            {
                "head": head,
                "median_deg": median_deg,
                "max_deg": float(off_deg.max()),
                "sightings": off_deg.size,
            }
        )
        if median_deg > limit_deg:
            failed.append(head)
    lines = [
        f"{row['head']:<8} median {row['median_deg']:.3f} deg, at most {row['max_deg']:.3f} deg"
        for row in rows
    ]
    return Verification(
        document={"limit_deg": limit_deg, "passed": not failed, "heads": rows},
        text="\n".join(lines),
        failed=tuple(failed),
    )


def _head(fit: HeadFit) -> dict[str, Any]:
    rms_deg, max_deg = fit.sky_sigma_deg
    return {
        "head": fit.head,
        "sightings": fit.sightings,
        "zero_rms_deg": fit.zero_rms_deg,
        "rms_deg": fit.rms_deg,
        "sky_sigma_rms_deg": rms_deg,
        "sky_sigma_max_deg": max_deg,
        "terms_deg": dict(fit.values),
        "sigma_deg": dict(zip(fit.values, np.asarray(fit.sigma_deg).tolist(), strict=True)),
    }


def _largest(fit: HeadFit) -> str:
    terms = sorted(fit.values.items(), key=lambda term: -abs(term[1]))[:3]
    return ", ".join(f"{name} {value:+.2f}" for name, value in terms)
