"""Pages over all features: Now, the first steps, settings, search."""
