"""Rotating Muster's own keys, on the machine that it runs on."""
