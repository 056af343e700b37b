"""Persons, teams, tokens, sign-in and the first run in the browser."""

from fastapi import APIRouter

from muster.people.pages import contacts, first_run, me, passwords, persons, sign_in, teams, tokens

router = APIRouter()
for _each in (sign_in, first_run, passwords, me, persons, contacts, teams, tokens):
    router.include_router(_each.router)

__all__ = ["router"]
