"""The languages that heads speak."""
