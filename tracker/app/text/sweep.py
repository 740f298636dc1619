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
    chunks, variants = document["chunks"], len(document["variants"])
    return (
        f"{document['rows']:,} rows: {document['sites']:,} sites x {variants:,} sets of parameters x "
        f"{len(document['mountings'])} mountings ({chunks['computed']:,} chunks computed, "
        f"{chunks['found']:,} found)"
    )


def _line(net: Mapping[str, Any]) -> str:
    values = "".join(f"{net[name]:>9,.0f}" for name in ("lowest", "median", "highest"))
    return f"{labels.mounting(net['mounting']):<26}{values}"
