"""Asks somebody to prove again who they are before a sensitive deed, and goes on with it: what they had typed is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from muster.base.unit import Unit
from muster.base.web.render import render
from muster.base.web.services import Caller
from muster.base.web.typed import template
from muster.kit.errors import Missing
from muster.people.actions import passkeys
from muster.people.actions.braking import Refused
from muster.people.actions.locks import locks_of
from muster.people.actions.second_step import Proof, prove_again, proving
from muster.people.api.parts import session_cookie
from muster.people.factor import Factors
from muster.people.person import Person
from muster.people.site import Site
from muster.people.store import factor_rows, session_rows
from muster.people.token import digest


@template("people/confirm.html")
@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """Asks for the proof and keeps the form: its fields are `kept`, and it goes to `target`."""

    kept: Sequence[tuple[str, str]]
    lost_files: bool
    factors: Factors
    asked: str
    site: Site
    person: Person
    refused: Refused | None
    target: str


PASSWORD, CODE, CREDENTIAL = "confirm_password", "confirm_code", "credential"


async def confirm(unit: Unit, request: Request, caller: Caller) -> Response | None:
    """Judge what the form brings along for it; None when it counts and the deed may be done, else the page that asks."""
    found = await session_rows.by_token(unit.conn, digest(session_cookie(request)))
    if found is None:
        raise Missing("Your session has ended.", "Sign in again.")
    session, person = found
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in (PASSWORD, CODE, CREDENTIAL)}
    # A deed may have a credential of its own; one that is meant for this comes with its mark.
    credential = given[CREDENTIAL] if form.get("confirm_passkey") else ""
    proof = Proof(given[PASSWORD], given[CODE].strip(), credential)
    refused = await prove_again(unit, locks_of(request), session, person, proof) if proof.given else None
    if proof.given and refused is None:
        return None
    dropped = {PASSWORD, CODE, "csrf", "confirm_passkey", *([CREDENTIAL] if credential else [])}
    kept = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in dropped]
    factors = await factor_rows.factors_of(unit.conn, person.id)
    locks = locks_of(request)
    page = ConfirmPage(
        kept=kept,
        lost_files=any(isinstance(value, UploadFile) and value.filename for _, value in form.multi_items()),
        factors=factors,
        asked=await passkeys.asking(unit, locks, proving(session), person) if factors.passkeys else "",
        site=locks.site,
        person=person,
        refused=refused,
        target=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    )
    return render(request, page, status=403)
