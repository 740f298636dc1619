"""Print what is written from the tables: `python -m firmware_bridge.dialects.sunspec json|tables`."""

import sys
from typing import Final

from firmware_bridge.dialects.sunspec.model_json import definition_text
from firmware_bridge.dialects.sunspec.model_tables import tables_text
from firmware_bridge.dialects.sunspec.models import VENDOR

TEXTS: Final = {"json": lambda: definition_text(VENDOR), "tables": tables_text}

if len(sys.argv) != 2 or sys.argv[1] not in TEXTS:
    sys.exit(f"usage: python -m firmware_bridge.dialects.sunspec {'|'.join(TEXTS)}")
sys.stdout.write(TEXTS[sys.argv[1]]())
