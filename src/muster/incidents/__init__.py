"""The incident's lifecycle, roles, severity and timeline."""
