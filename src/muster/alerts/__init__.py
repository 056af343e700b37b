"""Signals in; alerts deduplicated, grouped, silenced and damped."""
