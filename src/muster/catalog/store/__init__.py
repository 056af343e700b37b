"""Rows of the catalogue, and the catalogue as a whole, kept in memory while its version holds."""

from muster.catalog.store.reading import catalogue, index, survey

__all__ = ["catalogue", "index", "survey"]
