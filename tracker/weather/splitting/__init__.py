"""Beam and diffuse from global light."""
