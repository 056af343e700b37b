"""What is done about mail that comes in."""
