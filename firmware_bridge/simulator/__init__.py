"""Simulated motors that answer on a real serial line."""
