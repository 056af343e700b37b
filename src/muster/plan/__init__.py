"""The versioned response plan: model, validation, publishing, diff, prose."""
