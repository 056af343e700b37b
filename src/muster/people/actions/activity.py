"""What happened to a person's account lately, from the ledger, in words for themselves."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.base.unit import Unit
from muster.ledger import store as ledger
from muster.people.person import Person

SHOWN = 12
_WORDS = {
    "SignedIn": "Signed in",
    "SignInFailed": "A wrong password",
    "SecondStepFailed": "A wrong second factor",
    "SignInThrottled": "Guessing was slowed down",
    "SessionRevoked": "A session was ended",
    "OtherSessionsEnded": "The other sessions were ended",
    "AccessEnded": "All access was ended",
    "PasswordSet": "The password was set",
    "PasswordLinkMade": "A password link was made",
    "FactorAdded": "A second factor was added",
    "FactorRemoved": "A second factor was removed",
    "FactorsReset": "The second factors were reset",
    "RecoveryCodesMade": "New recovery codes",
    "RecoveryCodeUsed": "A recovery code was used",
    "TokenCreated": "An API token was made",
    "TokenRevoked": "An API token was revoked",
    "ContactAdded": "A contact was added",
    "ContactRemoved": "A contact was removed",
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
