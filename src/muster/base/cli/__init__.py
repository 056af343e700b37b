"""What every command shares: the API client, tables for people and JSON for machines."""
