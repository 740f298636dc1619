"""What a meter counted, against the model."""
