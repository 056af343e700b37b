"""Persons, teams, tokens, sign-in and the first run in the browser."""

from muster.people.pages import (
    contacts,
    factors,
    first_run,
    me,
    organisation,
    passwords,
    persons,
    second_step,
    sign_in,
    teams,
    tokens,
)

ROUTERS = (
    sign_in.router,
    second_step.router,
    factors.router,
    first_run.router,
    passwords.router,
    me.router,
    persons.router,
    contacts.router,
    teams.router,
    tokens.router,
    organisation.router,
)
