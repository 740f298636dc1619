"""Weather files and synthetic years as one kind of value."""
