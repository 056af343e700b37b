"""Any JSON at all: mapped by the integration's own rules, or by good guesses where it has none."""
