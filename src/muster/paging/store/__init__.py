"""Rows of pages, steps, deliveries and attempts."""
