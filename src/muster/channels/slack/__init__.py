"""Slack: direct messages with buttons, by a bot."""
