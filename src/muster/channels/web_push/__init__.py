"""Web push to browsers, with no provider between."""
