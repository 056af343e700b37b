"""Deployments and other changes reported to Muster."""
