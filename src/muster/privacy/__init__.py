"""What Muster holds of one person, for that person."""
