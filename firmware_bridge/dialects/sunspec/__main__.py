"""Print the definition of our block: `python -m firmware_bridge.dialects.sunspec`."""

import sys

from firmware_bridge.dialects.sunspec.model_json import definition_text
from firmware_bridge.dialects.sunspec.models import VENDOR

sys.stdout.write(definition_text(VENDOR))
