"""Rows of integrations, signals, alerts and silences."""
