"""Rows of people: each module the statements of one thing. What other features read is named here."""

from muster.people.store.contact_rows import (
    asked as asked_to_prove,
)
from muster.people.store.contact_rows import (
    contact,
    contacts_of,
    in_use_at,
    proved_at,
    secrets_of,
)
from muster.people.store.contact_rows import (
    every_active as every_active_contact,
)
from muster.people.store.link_rows import exposed_revoked_at
from muster.people.store.notify_rows import notify_of
from muster.people.store.organisation_row import organisation_name
from muster.people.store.person_rows import (
    every_administrator,
    person,
    person_at,
    person_named,
    persons,
    persons_by_id,
    persons_named,
)
from muster.people.store.team_rows import members_of, team_named, teams, teams_named, teams_of

__all__ = [
    "asked_to_prove",
    "contact",
    "contacts_of",
    "every_active_contact",
    "every_administrator",
    "exposed_revoked_at",
    "in_use_at",
    "members_of",
    "notify_of",
    "organisation_name",
    "person",
    "person_at",
    "person_named",
    "persons",
    "persons_by_id",
    "persons_named",
    "proved_at",
    "secrets_of",
    "team_named",
    "teams",
    "teams_named",
    "teams_of",
]
