"""How the record of Muster 0.1 in `tests/fixtures/muster-0.1` was made; its README.md says how to run this."""
