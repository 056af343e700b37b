"""Rows of incidents and what belongs to them."""
