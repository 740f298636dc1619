"""What a demo tells people at its end."""

from collections.abc import Mapping
from typing import Any

from tracker.report.headline import headline_of


def demo_text(document: Mapping[str, Any], comparison: Mapping[str, Any]) -> str:
    """Pointing before and after, the answer in one sentence, and where the files are."""
    pointing, files = document["pointing"], document["files"]
    before, after = (
        f"{pointing[f'{when}_median_deg']:.2f} deg off (median; {pointing[f'{when}_max_deg']:.2f} at most)"
        for when in ("before", "after")
    )
    lines = (
        f"Pointing: {before} as built; {after} after {pointing['sightings_per_head']} sightings a head.",
        f"Answer: {headline_of(comparison).sentence}.",
        f"Report: {files['report']}",
        f"Journal: {files['journal']}",
    )
    return "\n".join(lines)
