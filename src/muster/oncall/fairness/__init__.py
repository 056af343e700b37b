"""How being on call is shared, and the report for pay."""
