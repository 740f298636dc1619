"""Heads as the decision code drives them through a year."""
