"""ntfy: push with action buttons."""
