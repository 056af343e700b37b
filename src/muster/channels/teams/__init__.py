"""Microsoft Teams, by workflow webhooks."""
