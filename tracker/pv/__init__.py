"""From irradiance to kilowatt-hours."""
