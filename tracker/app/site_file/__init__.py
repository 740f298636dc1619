"""The site file: schema, checks, and the way from text to a plant."""
