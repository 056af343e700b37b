"""What `muster doctor` examines of the channels."""
