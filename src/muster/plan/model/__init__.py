"""The response plan as values, one section a file."""
