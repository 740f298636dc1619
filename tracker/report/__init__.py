"""Self-contained HTML and figures from plain tables."""
