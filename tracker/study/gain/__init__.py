"""What tracking gains, how surely, and what follows from it."""
