"""A site under control: drives, wind, runs, and people without a run."""
