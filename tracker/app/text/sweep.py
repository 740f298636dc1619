"""What a sweep came to, for a terminal."""

from collections.abc import Mapping
from typing import Any


def sweep_text(document: Mapping[str, Any]) -> str:
    """Where the rows are, and how many chunks were computed and found."""
    chunks = document["chunks"]
    return (
        f"{document['rows']:,} rows: {document['sites']:,} sites x {len(document['variants']):,} variants x "
        f"{len(document['mountings'])} mountings; {chunks['computed']:,} chunks computed, "
        f"{chunks['found']:,} found\nParquet: {document['out']}/rows"
    )
