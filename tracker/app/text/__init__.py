"""What commands say to people, as text."""
