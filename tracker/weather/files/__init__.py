"""Weather files as they are written, each format by its own rules."""
