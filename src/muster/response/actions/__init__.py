"""What the response does with an incident: attesting and closing."""
