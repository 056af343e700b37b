"""Persons, teams, tokens and sessions as JSON."""

from muster.people.api import contacts, factors, me, notify, organisation, persons, sessions, teams, tokens

ROUTERS = (
    me.router,
    factors.router,
    factors.again,
    factors.asked,
    persons.router,
    contacts.router,
    notify.router,
    teams.router,
    tokens.router,
    sessions.router,
    organisation.router,
)
