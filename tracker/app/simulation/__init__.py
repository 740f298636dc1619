"""A simulated array as it was really built, and the main job done with it."""
