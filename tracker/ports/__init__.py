"""What the rooms ask of the world, by shape: whoever fits may stand behind a port."""
