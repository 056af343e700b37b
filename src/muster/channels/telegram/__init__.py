"""Telegram: a bot that writes and listens."""
