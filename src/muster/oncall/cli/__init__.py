"""`muster schedule`, `muster override`, `muster oncall`, `muster shifts`, `muster swap`, `muster handoff` and `muster feed`."""
