"""Persons, teams, contacts, sign-in and API tokens."""
