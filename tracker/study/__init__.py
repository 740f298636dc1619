"""Mountings compared fairly, claims tested."""
