"""The only loop: reads the clock, the wind and the heads, asks the decision, writes the journal."""
