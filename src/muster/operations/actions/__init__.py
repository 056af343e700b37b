"""What an operator does: examine, rotate keys, adopt a copy, watch the machine."""
