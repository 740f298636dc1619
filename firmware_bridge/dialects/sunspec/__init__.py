"""SunSpec model 601 (tracker controller), as client and as server; see `models` for what is spoken."""
