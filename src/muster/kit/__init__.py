"""Pure ground that knows no domain: time, identifiers, errors, bounded rules."""
