"""What a schedule is, and how people write and read it."""
