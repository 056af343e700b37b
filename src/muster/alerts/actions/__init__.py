"""What is done with signals, alerts, silences and integrations."""
