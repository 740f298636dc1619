"""Weather from services on the internet."""
