"""The long tail of services, by the optional Apprise library."""
