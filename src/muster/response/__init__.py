"""Obligations of a running incident and the gate that guards its closing."""
