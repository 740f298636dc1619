"""Years that nobody measured: from monthly climates, and ideal ones."""
