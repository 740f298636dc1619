"""A site's year for plain modules as loops for numba: the sky's light, planes under it, the best plane.

Plain means rated by PVWatts's few numbers, coated glass, clean, one face, nothing but rows in front of the
sky, the sky of Perez. The formulas and their sources stand in `tracker.sun`, `tracker.pv` and
`tracker.study`; tests hold both together.
"""
