"""`muster demo`: a believable organisation, and an incident played through it on the real paths."""
