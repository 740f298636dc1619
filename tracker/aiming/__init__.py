"""Which way a head should face, and which axis pose gets it there inside its limits."""
