"""Mattermost: posts with buttons, by a bot."""
