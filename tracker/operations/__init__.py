"""The use cases that commands and consoles call."""
