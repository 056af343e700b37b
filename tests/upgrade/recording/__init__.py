"""How the record of Muster 0.1 in `tests/fixtures/muster-0.1` was made; its README.md says how to run this.

The Muster that is imported here is 0.1: modules have the names that they had there.
"""
