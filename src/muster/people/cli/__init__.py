"""`muster person`, `muster team`, `muster token` and `muster whoami`."""
