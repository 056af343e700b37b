"""Persons, teams, tokens and sessions as JSON."""

from fastapi import APIRouter

from muster.people.api import contacts, me, persons, sessions, teams, tokens

router = APIRouter()
for _each in (me, persons, contacts, teams, tokens, sessions):
    router.include_router(_each.router)

__all__ = ["router"]
