"""Entries as they may be read: what should never have been recorded is hidden, and so is what only managers may see of others.

Entries themselves never change: their hashes are shown as they are, and cover what was recorded.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muster.base.access import Kind, Level, Principal
from muster.kit.masking import HIDDEN, mask_path, mask_text, mask_value
from muster.ledger.canon import json_text
from muster.ledger.entry import Entry

DENIED = "AccessDenied"
SIGN_INS = {
    "SignedIn": ("address", "device"),
    "SignInFailed": ("from",),
    "SignInThrottled": ("subject",),
    "SessionRevoked": ("device",),
    "PersonCreated": ("email",),
    "PersonChanged": ("email",),
}
"""What of these events is between the person and managers."""
UNSEARCHED = (DENIED, *SIGN_INS)
"""Kinds whose data a search passes over: what is hidden from a reader must not be guessed at letter by letter either."""


def seen_by(principal: Principal, entry: Entry) -> Entry:
    """The entry as `principal` may read it."""
    data = mask_value(entry.data, by_name=False)
    if isinstance(data, Mapping):
        data = _without_old_secrets(entry.kind, data)
        if private := SIGN_INS.get(entry.kind, ()) if not _may_see_all(principal, entry) else ():
            data = _without(data, private)
    reason = mask_text(entry.reason)
    if data == entry.data and reason == entry.reason:
        return entry
    return replace(entry, body=data if isinstance(data, str) else json_text(data), reason=reason)


def _without_old_secrets(kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What 0.1 recorded: the path of a refused request, and what was typed as a name."""
    if kind == DENIED and isinstance(data.get("path"), str):
        return {**data, "path": mask_path(data["path"])}
    if kind == "SignInFailed" and "tried" in data:
        return {**data, "tried": HIDDEN}
    if kind == "SignInThrottled" and str(data.get("subject", "")).startswith("unknown:"):
        return {**data, "subject": f"unknown:{HIDDEN}"}
    return data


def _may_see_all(principal: Principal, entry: Entry) -> bool:
    own = principal.person_id is not None and entry.stream == f"person:{principal.person_id}"
    return own or principal.level >= Level.MANAGER or principal.kind is Kind.SYSTEM


def _without(data: Mapping[str, Any], private: tuple[str, ...]) -> Mapping[str, Any]:
    hidden = {key: HIDDEN if key in private and value else value for key, value in data.items()}
    changed = data.get("changed")
    if isinstance(changed, Mapping):
        hidden["changed"] = {key: HIDDEN if key in private else value for key, value in changed.items()}
    return hidden
