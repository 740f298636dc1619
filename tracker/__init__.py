"""Where is the sun, where should a head point, and what does it yield."""
