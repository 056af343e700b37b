"""Persons, teams, tokens and sessions as JSON."""

from muster.people.api import contacts, me, notify, organisation, persons, sessions, teams, tokens

ROUTERS = (
    me.router,
    persons.router,
    contacts.router,
    notify.router,
    teams.router,
    tokens.router,
    sessions.router,
    organisation.router,
)
