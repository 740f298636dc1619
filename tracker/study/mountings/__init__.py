"""What holds the modules: planes, rows, records, by name."""
