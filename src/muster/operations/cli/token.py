"""`muster token create`: over the API in one's own name, or on Muster's own machine for anybody.

Whoever owns the machine owns Muster, as with `muster init`; the ledger says that such a token was made locally.
"""

import asyncio
from typing import Annotated, Any

from cyclopts import Parameter

from muster.base.access import SYSTEM
from muster.base.cli.output import Json, emit_facts
from muster.base.settings import Settings, read_settings
from muster.kit.duration import parse_duration
from muster.kit.errors import Fault, Invalid
from muster.operations.actions.setup import database_here
from muster.people.actions.guard import existing_person
from muster.people.actions.tokens import issue
from muster.people.cli.token import Scope, app, request_token


@app.command(name="create")
def create_token(
    name: str,
    *,
    scope: Scope,
    expires_in: str = "90d",
    person: str | None = None,
    local: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> None:
    """Make a token and print it; it is shown only this once.

    Parameters
    ----------
    name
        What it is for, such as ci.
    expires_in
        After how long it ends, at most 365d.
    person
        Whose name it acts in, with --local.
    local
        Make it on Muster's own machine, straight in its database; for scripts that act as people.
    """
    if bool(person) != local:
        rule = "A token for another person is made on Muster's own machine only."
        raise Invalid("No token was made.", faults=[Fault("--person", rule, "Give --person together with --local.")])
    if person is None:
        emit_facts(request_token(name, scope, expires_in), json=json)
        return
    from muster.base.logs import configure_logs

    settings = read_settings()
    configure_logs("warning", settings.log_format)
    emit_facts(asyncio.run(issue_here(settings, person, name, scope, expires_in)), json=json)


async def issue_here(settings: Settings, person: str, name: str, scopes: list[str], expires_in: str) -> dict[str, Any]:
    """A token for a person, straight in the database; its event says that it was made locally.

    Raises:
        Missing: there is no such person. Invalid: with every fault. Conflict: they have an active one of this name.
    """
    life = parse_duration(expires_in)
    async with database_here(settings) as database, database.unit(SYSTEM) as unit:
        owner = await existing_person(unit.conn, person)
        if not owner.active:
            rule = f"{owner.full_name or owner.name} has left, so no token acts in their name."
            raise Invalid("No token was made.", faults=[Fault("--person", rule, "Choose somebody who is active.")])
        token, text = await issue(unit, owner, name, scopes, life, locally=True)
    return {
        "token": text,
        "person": owner.name,
        "name": token.name,
        "scopes": list(scopes),
        "expires_at": token.expires_at,
    }
