"""Commands that work on the machine itself, without the API."""
