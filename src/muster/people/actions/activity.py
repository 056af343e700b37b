"""What happened to a person's account lately, from the ledger, in words for themselves."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.base.unit import Unit
from muster.ledger import store as ledger
from muster.people.events import (
    ACCESS_ENDED,
    CONTACT_ADDED,
    CONTACT_REMOVED,
    FACTOR_ADDED,
    FACTOR_REMOVED,
    FACTORS_RESET,
    OTHER_SESSIONS_ENDED,
    PASSWORD_LINK_MADE,
    PASSWORD_SET,
    RECOVERY_CODE_USED,
    RECOVERY_CODES_MADE,
    SECOND_STEP_FAILED,
    SESSION_REVOKED,
    SIGN_IN_FAILED,
    SIGN_IN_THROTTLED,
    SIGNED_IN,
    TOKEN_CREATED,
    TOKEN_REVOKED,
)
from muster.people.person import Person

SHOWN = 12
_WORDS = {
    SIGNED_IN.name: "Signed in",
    SIGN_IN_FAILED.name: "A wrong password",
    SECOND_STEP_FAILED.name: "A wrong second factor",
    SIGN_IN_THROTTLED.name: "Guessing was slowed down",
    SESSION_REVOKED.name: "A session was ended",
    OTHER_SESSIONS_ENDED.name: "The other sessions were ended",
    ACCESS_ENDED.name: "All access was ended",
    PASSWORD_SET.name: "The password was set",
    PASSWORD_LINK_MADE.name: "A password link was made",
    FACTOR_ADDED.name: "A second factor was added",
    FACTOR_REMOVED.name: "A second factor was removed",
    FACTORS_RESET.name: "The second factors were reset",
    RECOVERY_CODES_MADE.name: "New recovery codes",
    RECOVERY_CODE_USED.name: "A recovery code was used",
    TOKEN_CREATED.name: "An API token was made",
    TOKEN_REVOKED.name: "An API token was revoked",
    CONTACT_ADDED.name: "A contact was added",
    CONTACT_REMOVED.name: "A contact was removed",
}
_NOTED = ("device", "address", "from", "via", "kind", "passkey", "token")


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened; `note` says more."""

    at: datetime
    words: str
    note: str


async def activity_of(unit: Unit, person: Person) -> list[Activity]:
    """The latest, the newest first."""
    found = await ledger.latest_of_stream(unit.conn, f"person:{person.id}", list(_WORDS), SHOWN)
    return [Activity(entry.at, _WORDS[entry.kind], _note(json.loads(entry.body))) for entry in found]


def _note(data: dict[str, Any]) -> str:
    return ", ".join(str(data[name]) for name in _NOTED if data.get(name))
