"""What makes the examples of the documentation run on this machine alone."""
