"""`muster person`: who works with Muster, and how they are reached."""

from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table

app = cyclopts.App(name="person", help="Persons and their contacts.")
contact = cyclopts.App(name="contact", help="How a person is reached.")
app.command(contact)

COLUMNS = {"name": "name", "full_name": "full name", "email": "e-mail", "permission": "permission", "time_zone": "zone"}
CONTACT_COLUMNS = {"rank": "rank", "kind": "kind", "address": "address", "verified": "proved", "id": "id"}
Level = Annotated[str | None, Parameter(help="viewer, responder, manager or administrator.")]
Zone = Annotated[str | None, Parameter(help="Such as Europe/Lisbon.")]


@app.command(name="list")
def list_persons(*, search: str = "", inactive: bool = False, json: Json = False) -> None:
    """List persons.

    Parameters
    ----------
    search
        A part of name, full name or e-mail address.
    inactive
        Include those who have left.
    """
    rows = list(Client().items("/persons", q=search, inactive=inactive))
    columns = {**COLUMNS, "can_sign_in": "can sign in", **({"active": "active"} if inactive else {})}
    emit_table(rows, columns, json=json, empty="Nobody fits. Add a person: muster person create NAME --email ADDRESS")


@app.command(name="show")
def show_person(name: str, *, json: Json = False) -> None:
    """Show a person and their contacts."""
    client = Client()
    person = client.get(f"/persons/{name}")
    contacts = client.get(f"/persons/{name}/contacts")["items"]
    if json:
        emit_json({**person, "contacts": contacts})
        return
    emit_facts(person, json=False)
    emit_table(contacts, CONTACT_COLUMNS, json=False, empty=f"No contact: no page reaches {name}.")


@app.command(name="create")
def create_person(
    name: str, *, email: str, full_name: str = "", permission: Level = None, time_zone: Zone = None, json: Json = False
) -> None:
    """Add a person and print the one-time link with which they set their password.

    Parameters
    ----------
    name
        Short and lower-case, such as ana; it stays.
    email
        To sign in with.
    full_name
        What people read; the name where it is left out.
    """
    client = Client()
    wanted = _given(name=name, email=email, full_name=full_name, permission=permission, time_zone=time_zone)
    made = client.post("/persons", wanted)
    link = client.post(f"/persons/{name}/password-link")
    emit_facts({**made, "password_link": link["url"]}, json=json)


@app.command(name="change")
def change_person(
    name: str,
    *,
    email: str | None = None,
    full_name: str | None = None,
    permission: Level = None,
    time_zone: Zone = None,
    json: Json = False,
) -> None:
    """Change a person; what is not given stays."""
    wanted = _given(email=email, full_name=full_name, permission=permission, time_zone=time_zone)
    emit_facts(Client().patch(f"/persons/{name}", wanted), json=json)


@app.command(name="deactivate")
def deactivate_person(name: str, *, reason: str = "", even_so: bool = False, json: Json = False) -> None:
    """Let a person go: sessions, tokens and password end at once, history stays.

    Parameters
    ----------
    even_so: Also where schedules or the plan name them; every such chain is marked until somebody else is named.
    """
    emit_facts(Client().post(f"/persons/{name}/deactivate", {"reason": reason, "even_so": even_so}), json=json)


@app.command(name="reactivate")
def reactivate_person(name: str, *, json: Json = False) -> None:
    """Take a person back; they set a new password through a link."""
    emit_facts(Client().post(f"/persons/{name}/reactivate"), json=json)


@app.command(name="export")
def export_data(name: str) -> None:
    """Print everything that Muster holds of a person as JSON, without secrets."""
    emit_json(Client().get(f"/persons/{name}/data"))


@app.command(name="erase")
def erase_person(
    name: str,
    *,
    reason: str = "",
    also: Annotated[list[str] | None, Parameter(negative="")] = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> None:
    """Put a pseudonym in the place of somebody who has left, for good; the ledger stays verifiable.

    Parameters
    ----------
    reason
        Why; it is kept, so name the request and not the person.
    also
        A further word by which they are named, such as a nickname; several times for several.
    dry_run
        Say what would go and what stays, and change nothing.
    """
    body = {"reason": reason, "also": also or [], "dry_run": dry_run}
    done = Client().post(f"/persons/{name}/erase", body)
    if json:
        emit_json(done)
        return
    print(
        f"{'Would become' if dry_run else 'Now'} {done['pseudonym']}; {done['ledger_entries']} entries of the ledger redacted."
    )
    for place, rows in done["gone"].items():
        print(f"  gone: {rows} of {place.replace('_', ' ')}")
    for sentence in done["stays"]:
        print(f"  stays: {sentence}")


@app.command(name="password-link")
def make_password_link(name: str, *, json: Json = False) -> None:
    """Print a one-time link with which a person sets their password."""
    emit_facts(Client().post(f"/persons/{name}/password-link"), json=json)


@app.command(name="reset-factors")
def reset_factors(name: str, *, reason: str = "", json: Json = False) -> None:
    """Take the second factors of somebody away who has lost them; they are told."""
    emit_facts(Client().post(f"/persons/{name}/reset-factors", {"reason": reason}), json=json)


@app.command(name="end-access")
def end_access(name: str, *, reason: str = "", json: Json = False) -> None:
    """Sign a person out everywhere and revoke all their API tokens, as when somebody else got hold of the account."""
    emit_facts(Client().post(f"/persons/{name}/end-access", {"reason": reason}), json=json)


@contact.command(name="list")
def list_contacts(name: str, *, json: Json = False) -> None:
    """List a person's contacts, the first to be tried first."""
    rows = Client().get(f"/persons/{name}/contacts")["items"]
    emit_table(rows, CONTACT_COLUMNS, json=json, empty=f"No contact: no page reaches {name}.")


@contact.command(name="add")
def add_contact(
    name: str, kind: str, address: str, *, secret: str = "", verified: bool = False, json: Json = False
) -> None:
    """Add a contact behind the person's others.

    Parameters
    ----------
    kind
        The channel, such as email, webhook or ntfy.
    secret
        What the channel needs beside the address, such as a signing secret.
    verified
        Vouch that it reaches the person (for administrators).
    """
    body = {"kind": kind, "address": address, "secret": secret, "verified": verified}
    emit_facts(Client().post(f"/persons/{name}/contacts", body), json=json)


@contact.command(name="remove")
def remove_contact(name: str, id: str) -> None:
    """Take a contact out of use."""
    Client().delete(f"/persons/{name}/contacts/{id}")
    print(f"Pages no longer go to contact {id}.")


@contact.command(name="send-code")
def send_code(name: str, id: str) -> None:
    """Have a code sent to a contact, to prove that it reaches its owner."""
    Client().post(f"/persons/{name}/contacts/{id}/code")
    print(f"A code is on its way. Then: muster person contact prove {name} {id} CODE")


@contact.command(name="prove")
def prove_contact(name: str, id: str, code: str) -> None:
    """Prove a contact with the code that was sent to it."""
    Client().post(f"/persons/{name}/contacts/{id}/prove", {"code": code})
    print("The contact is proved.")


def _given(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
