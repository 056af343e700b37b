"""Figures and sealed values, read over all tables."""
