"""What the pages of a person load: contacts as the onlooker may see them, teams and sessions."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from muster.base.unit import Unit
from muster.base.web.forms import by_field
from muster.kit.errors import Problem
from muster.people import store
from muster.people.api.contacts import sees_addresses, shown
from muster.people.api.parts import reach_of
from muster.people.notify_words import sentences
from muster.people.person import Person
from muster.people.store import contact_rows


async def contacts_context(
    unit: Unit, request: Request, person: Person, problem: Problem | None = None, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What `people/contacts.html` needs; `problem` and `typed` are those of a contact that was refused."""
    full = sees_addresses(unit, person)
    found = (await store.contacts_of(unit.conn, [person.id]))[person.id]
    said = (await store.notify_of(unit.conn, [person.id]))[person.id]
    kinds = reach_of(request).kinds
    return {
        "contacts": [shown(contact, full=full) for contact in found],
        "waiting": await contact_rows.waiting_for_code(unit.conn, [contact.id for contact in found], unit.now),
        "kinds": kinds,
        "kind_labels": {each.kind: each.label for each in kinds},
        "manages_contacts": full,
        "notify_words": sentences(said, {each.kind: each.label for each in kinds}),
        "contact_problem": problem,
        "contact_faults": by_field(problem),
        "typed": {"kind": "", "address": "", "id": "", **(typed or {})},
    }
