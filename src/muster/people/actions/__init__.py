"""What can be done to persons, teams, contacts, sessions and tokens."""
