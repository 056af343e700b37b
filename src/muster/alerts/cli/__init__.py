"""The commands of alerts, silences, integrations and signals."""
