"""What is wrong with a schedule, as findings."""
