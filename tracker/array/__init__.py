"""Where the heads stand and what shape they have."""
