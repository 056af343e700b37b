"""Export and erasure of what Muster holds of a person."""
