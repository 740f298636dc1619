"""What a sweep came to, for a terminal."""

from collections.abc import Mapping
from typing import Any

from tracker.report import labels


def sweep_text(document: Mapping[str, Any]) -> str:
    """The answer, net energy of every mounting, where the rows are, and how many chunks were computed."""
    lines = [
        f"{'net, kWh/kWp':<26}{'lowest':>9}{'median':>9}{'highest':>9}",
        *(_line(each) for each in document["net_kwh_per_kwp"]),
        "",
        document["says"],
        f"{_size(document)}, in {document['out']}/rows",
    ]
    return "\n".join(lines)


def _size(document: Mapping[str, Any]) -> str:
    chunks = document["chunks"]
    factors = (
        labels.counted(document["sites"], "site", "sites"),
        labels.counted(len(document["variants"]), "set of parameters", "sets of parameters"),
        labels.counted(len(document["mountings"]), "mounting", "mountings"),
    )
    rows = labels.counted(document["rows"], "row", "rows")
    done = f"{labels.counted(chunks['computed'], 'chunk', 'chunks')} computed, {chunks['found']:,} found"
    return f"{rows}: {' x '.join(factors)} ({done})"


def _line(net: Mapping[str, Any]) -> str:
    values = "".join(f"{net[name]:>9,.0f}" for name in ("lowest", "median", "highest"))
    return f"{labels.mounting(net['mounting']):<26}{values}"
