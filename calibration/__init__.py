"""What the hardware really is, as opposed to the drawing."""
