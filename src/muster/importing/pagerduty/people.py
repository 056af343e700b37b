"""PagerDuty's users, contact methods, notification rules and teams."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from muster.importing.export import Export, ExportedNotifyRule, ExportedTeam, RuleStep, User
from muster.importing.export_files import ExportObject
from muster.importing.fields import mappings, number, text
from muster.importing.pagerduty.objects import merged, owner_in, reference
from muster.importing.phones import e164
from muster.importing.report import ImportNote
from muster.importing.zones import zone_of

_KINDS = {"email": "email", "sms": "sms", "phone": "voice", "push_notification": "push"}
_MANAGERS = {"admin", "owner", "global_admin", "account_owner", "manager"}
_VIEWERS = {"observer", "read_only_user", "read_only_limited_user", "restricted_access"}


def read_users(export: Export, objects: Sequence[ExportObject], embedded: Sequence[dict[str, Any]]) -> None:
    """Every user once, with the contacts and rules that stand in other files."""
    whole: dict[str, dict[str, Any]] = {}
    for data in [item.data for item in objects if item.kind == "user"] + list(embedded):
        if id := text(data, "id"):
            whole[id] = merged(whole.get(id, {}), data)
    contacts = [item for item in objects if item.kind == "contact"]
    rules = [item for item in objects if item.kind == "rule"]
    by_id = {text(contact.data, "id"): contact.data for contact in contacts}
    for id, data in whole.items():
        if not data.get("email"):
            continue
        note = export.report.about("user", text(data, "name") or text(data, "summary") or text(data, "email"), id)
        own = [
            contact.data for contact in contacts if owner_in("users", contact.data, contact.document, list(whole)) == id
        ]
        stubs = [by_id.get(text(mapping, "id"), mapping) for mapping in mappings(data, "contact_methods")]
        ruled = [rule.data for rule in rules if owner_in("users", rule.data, rule.document, list(whole)) == id]
        user = User(id, note, text(data, "name") or text(data, "summary"), text(data, "email"))
        user.zone = zone_of(text(data, "time_zone"), note)
        user.level = _level(text(data, "role"), note)
        user.contacts = _contacts([*stubs, *own], note)
        user.rules = _rules([*mappings(data, "notification_rules"), *ruled], {**by_id}, note)
        export.users[id] = user

    for contact in (*contacts, *rules):
        owner = owner_in("users", contact.data, contact.document, list(whole))
        if owner not in export.users and text(contact.data, "id") not in _stubs(whole.values()):
            word = "contact method" if contact.kind == "contact" else "notification rule"
            note = export.report.about(
                word, text(contact.data, "summary") or text(contact.data, "type"), text(contact.data, "id")
            )
            note.lose("The export does not hold whose it is: put the user's id into the file's name, and add /users.")


def _stubs(users: Iterable[dict[str, Any]]) -> set[str]:
    """The contact methods and rules that users name themselves."""
    named = ("contact_methods", "notification_rules")
    return {text(stub, "id") for user in users if user.get("email") for key in named for stub in mappings(user, key)}


def _level(role: str, note: ImportNote) -> str:
    if role in _MANAGERS:
        if role != "manager":
            note.lose(f"They are `{role}` there. An import makes nobody an administrator; they become a manager.")
        return "manager"
    return "viewer" if role in _VIEWERS else "responder"


def _kind(data: Any) -> str:
    named = text(data, "type").removesuffix("_reference").removesuffix("_contact_method")
    return _KINDS.get(named, "")


def _contacts(objects: Sequence[dict[str, Any]], note: ImportNote) -> list[tuple[str, str]]:
    contacts: list[tuple[str, str]] = []
    for data in objects:
        kind, label = _kind(data), text(data, "label") or text(data, "summary") or "without a name"
        address = text(data, "address")
        if kind == "push":
            note.lose(f"Push to PagerDuty's app ({label}) stays there; set up ntfy or web push instead.")
        elif not kind:
            note.lose(f"The contact method {label} is of a kind that Muster does not know.")
        elif not address:
            if kind != "email":
                note.lose(
                    f"The export has no number for {kind} ({label}): add the answer of /users/ID/contact_methods."
                )
        elif kind == "email":
            contacts.append((kind, address))
        elif phone := e164(address, number(data, "country_code") or (None if address.startswith("+") else 1)):
            contacts.append((kind, phone))
        else:
            note.lose(f"The number for {kind} ({label}) is not a telephone number that can be dialled.")
    return list(dict.fromkeys(contacts))


def _rules(
    objects: Sequence[dict[str, Any]], contacts: dict[str, dict[str, Any]], note: ImportNote
) -> list[ExportedNotifyRule]:
    by_urgency: dict[str, list[RuleStep]] = {}
    for data in {text(item, "id"): item for item in objects}.values():
        delay = number(data, "start_delay_in_minutes")
        if delay is None or not 0 <= delay <= 1440:
            note.lose("Notification rules are only referred to: add the answer of /users/ID/notification_rules.")
            continue
        method = data.get("contact_method")
        kind = _kind(method) or _kind(contacts.get(reference(method)))
        if kind == "push" or not kind:
            note.lose(f"The rule to notify by {kind or 'an unknown contact'} after {delay} minutes is left out.")
            continue
        urgency = text(data, "urgency")
        step = RuleStep(timedelta(minutes=delay), kind)
        by_urgency.setdefault(urgency if urgency in ("high", "low") else "", []).append(step)
    return [
        ExportedNotifyRule(urgency, sorted(steps, key=lambda item: item.after)) for urgency, steps in by_urgency.items()
    ]


def read_teams(export: Export, objects: Sequence[ExportObject]) -> None:
    """Teams with the members that users, or the answers of /teams/ID/members, name."""
    whole: dict[str, dict[str, Any]] = {}
    for item in objects:
        if item.kind == "team" and (id := text(item.data, "id")):
            whole[id] = merged(whole.get(id, {}), item.data)
    for item in objects:
        if item.kind == "user":
            for stub in mappings(item.data, "teams"):
                if id := text(stub, "id"):
                    whole.setdefault(id, {"id": id, "name": text(stub, "name") or text(stub, "summary")})
    members: dict[str, list[str]] = {id: [] for id in whole}
    leads: dict[str, str] = {}
    for item in objects:
        if item.kind == "user":
            for stub in mappings(item.data, "teams"):
                if text(stub, "id") in members:
                    members[text(stub, "id")].append(text(item.data, "id"))
        elif item.kind == "member":
            team = owner_in("teams", item.data, item.document, list(whole)) or (
                next(iter(whole)) if len(whole) == 1 else ""
            )
            if team in members:
                members[team].append(reference(item.data, "user"))
                if text(item.data, "role") == "manager":
                    leads.setdefault(team, reference(item.data, "user"))
            else:
                note = export.report.about(
                    "team member", text(item.data, "user", "summary"), reference(item.data, "user")
                )
                note.lose("The export does not say of which team: put the team's id into the file's name.")
    for id, data in whole.items():
        name = re.sub(r"\s+", " ", text(data, "name") or text(data, "summary") or id)
        note = export.report.about("team", name, id)
        export.teams[id] = ExportedTeam(id, note, name, list(dict.fromkeys(members[id])), leads.get(id, ""))
