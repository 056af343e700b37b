"""The events that people record, with what each means."""

from collections.abc import Mapping
from typing import Any

from muster.kit.masking import HIDDEN
from muster.ledger.event_kind import EventKind, declared


def _without_what_was_typed(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """0.1 recorded what was typed as a name, which may have been a password."""
    if "tried" in data:
        return {**data, "tried": HIDDEN}
    if str(data.get("subject", "")).startswith("unknown:"):
        return {**data, "subject": f"unknown:{HIDDEN}"}
    return data


ORGANISATION_NAMED = EventKind("OrganisationNamed", "The organisation was set up or renamed.")
PERSON_CREATED = EventKind("PersonCreated", "A person was created.", sensitive=True, private=("email",))
PERSON_CHANGED = EventKind(
    "PersonChanged",
    "A person's name, address, zone or level was changed; the data hold before and after.",
    sensitive=True,
    private=("email",),
)
PERSON_DEACTIVATED = EventKind(
    "PersonDeactivated", "A person left: they can neither sign in nor be paged any more.", sensitive=True
)
PERSON_REACTIVATED = EventKind("PersonReactivated", "A person who had left came back.", sensitive=True)
PASSWORD_SET = EventKind(
    "PasswordSet",
    "A person's password was set or changed; their other sessions ended, and their API tokens unless kept.",
    sensitive=True,
)
FACTOR_ADDED = EventKind("FactorAdded", "A person set an authenticator app or a passkey up.")
FACTOR_REMOVED = EventKind("FactorRemoved", "A person removed their authenticator app or a passkey.")
FACTORS_RESET = EventKind(
    "FactorsReset", "An administrator took all second factors of a person away who had lost them."
)
RECOVERY_CODES_MADE = EventKind(
    "RecoveryCodesMade", "A person got new recovery codes; the earlier ones no longer work."
)
RECOVERY_CODE_USED = EventKind(
    "RecoveryCodeUsed", "A recovery code stood in for a second factor; the data hold how many are left."
)
SECOND_FACTOR_REQUIRED = EventKind(
    "SecondFactorRequired", "The organisation said who must have a second factor; the data hold before."
)
SECOND_STEP_FAILED = EventKind("SecondStepFailed", "The password was right, and the second factor was not.")
ACCESS_ENDED = EventKind(
    "AccessEnded", "All sessions of a person ended and all their API tokens were revoked, in one act."
)
OTHER_SESSIONS_ENDED = EventKind("OtherSessionsEnded", "A person ended all their sessions but the one they were in.")
PASSWORD_LINK_MADE = EventKind(
    "PasswordLinkMade", "A one-time link was made with which a person sets their password.", sensitive=True
)
FIRST_RUN_LINK_MADE = EventKind(
    "FirstRunLinkMade", "A one-time link was made with which the first administrator is created.", sensitive=True
)
EXPOSED_LINKS_REVOKED = EventKind(
    "ExposedLinksRevoked",
    "The first start after 0.1 took back all open links, because its ledger may show some of them.",
)
TEAM_CREATED = EventKind("TeamCreated", "A team was created.")
TEAM_CHANGED = EventKind(
    "TeamChanged", "A team's title, members or lead were changed; the data hold before and after.", sensitive=True
)
TEAM_DELETED = EventKind("TeamDeleted", "A team was deleted.", sensitive=True)
CONTACT_ADDED = EventKind("ContactAdded", "A way to reach a person was added.")
CONTACT_LOST = EventKind("ContactLost", "A provider said that a contact exists no more; it was taken out of use.")
CONTACT_REMOVED = EventKind("ContactRemoved", "A way to reach a person was removed.")
CONTACTS_REORDERED = EventKind("ContactsReordered", "The order in which a person's contacts are tried was changed.")
CONTACT_PROOF_SENT = EventKind("ContactProofSent", "A code was sent to a contact to prove that it reaches its owner.")
CONTACT_VERIFIED = EventKind(
    "ContactVerified", "A contact was proved with its code, or vouched for by an administrator."
)
NOTIFY_CHANGED = EventKind(
    "NotifyChanged",
    "How a person wants to be paged, or their quiet hours, were changed; the data hold before and after.",
)
SIGNED_IN = EventKind(
    "SignedIn", "Somebody signed in with a password or a one-time link.", private=("address", "device")
)
SIGN_IN_FAILED = EventKind(
    "SignInFailed",
    "A password was wrong, or nobody can sign in under that name.",
    sensitive=True,
    private=("from",),
    mask=_without_what_was_typed,
)
SIGN_IN_THROTTLED = EventKind(
    "SignInThrottled",
    "So many sign-ins failed that further attempts have to wait.",
    sensitive=True,
    private=("subject",),
    mask=_without_what_was_typed,
)
SIGNED_OUT = EventKind("SignedOut", "Somebody signed out.")
SESSION_REVOKED = EventKind(
    "SessionRevoked", "Somebody's session was ended by themselves or an administrator.", private=("device",)
)
TOKEN_CREATED = EventKind(
    "TokenCreated",
    "An API token was created; the data hold its scopes and expiry, and whether it was made on the machine itself.",
    sensitive=True,
)
TOKEN_REVOKED = EventKind("TokenRevoked", "An API token was revoked.", sensitive=True)

EVENTS = declared(globals())
