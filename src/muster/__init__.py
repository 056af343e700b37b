"""Muster: self-hosted incident management with an enforced response plan."""

__version__ = "0.1.0"
