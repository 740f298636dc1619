"""How to talk to the motors: axes and counts, no sun."""
