"""Rows made whole: checked, on one grid, gaps mended and counted."""
