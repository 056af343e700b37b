"""Text messages and calls: one channel each, any number of vendors side by side behind the port in `port`."""
