"""Opsgenie's users, contacts, notification rules and teams."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from muster.importing.export import Export, ExportedNotifyRule, ExportedTeam, RuleStep, User
from muster.importing.export_files import ExportObject
from muster.importing.fields import every_mapping, inside, mappings, number, text
from muster.importing.opsgenie.objects import parent_of, whole
from muster.importing.phones import e164
from muster.importing.report import ImportNote
from muster.importing.zones import zone_of

_MANAGERS = {"admin", "owner"}
_VIEWERS = {"stakeholder", "observer"}
_NAMING = ("schedule", "rotation", "escalation", "override", "team")
"""Objects that name users with their address, so that an export without /users still knows who they are."""
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def read_users(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every user, with the contacts and rules that stand in other files; participants of rotations are users too."""
    users = whole(objects, "user")
    handles = {text(user, "username").lower() for user in users.values()}
    for data in [part for item in objects if item.kind in _NAMING for part in every_mapping(item.data)]:
        id, address = text(data, "id"), text(data, "username")
        if text(data, "type") == "user" and "@" in address and address.lower() not in handles and id not in users:
            handles.add(address.lower())
            users[id or address] = {"id": id, "username": address}
    for id, data in users.items():
        address = text(data, "username") or text(data, "email")
        note = export.report.about("user", text(data, "fullName") or address, id)
        if data.get("blocked") is True:
            note.lose("They are blocked in Opsgenie.")
            continue
        user = User(id, note, text(data, "fullName"), address if "@" in address else "", address)
        user.zone = zone_of(text(data, "timeZone"), note)
        user.level = _level(text(data, "role", "name") or text(data, "role"), note)
        contacts = [*mappings(data, "userContacts"), *mappings(data, "contacts")]
        contacts += [item.data for item in objects if item.kind == "contact" and parent_of(item, users) == id]
        user.contacts = _contacts(contacts, note)
        steps = mappings(data, "notificationRules")
        rules = [{"steps": steps, "actionType": "create-alert"}] if steps else []
        rules += [item.data for item in objects if item.kind == "rule" and parent_of(item, users) == id]
        user.rules = _rules(rules, note)
        export.users[id] = user
    for item in objects:
        if item.kind in ("contact", "rule") and parent_of(item, users) not in export.users:
            word = "contact" if item.kind == "contact" else "notification rule"
            note = export.report.about(
                word, text(item.data, "name") or text(item.data, "method"), text(item.data, "id")
            )
            note.lose("The export does not say whose it is: put the user's id into the file's name, and add /users.")


def _level(role: str, note: ImportNote) -> str:
    if role.lower() in _MANAGERS:
        note.lose(f"They are `{role}` there. An import makes nobody an administrator; they become a manager.")
        return "manager"
    return "viewer" if role.lower() in _VIEWERS else "responder"


def _contacts(objects: Sequence[dict[str, Any]], note: ImportNote) -> list[tuple[str, str]]:
    contacts: list[tuple[str, str]] = []
    for data in objects:
        method = (text(data, "method") or text(data, "contactMethod")).lower()
        address = text(data, "to")
        if inside(data, "status", "enabled") is False or data.get("enabled") is False:
            note.lose(f"A contact for {method} is disabled in Opsgenie.")
        elif method == "email":
            contacts.append((method, address))
        elif method in ("sms", "voice"):
            phone = e164(address)
            if phone:
                contacts.append((method, phone))
            else:
                note.lose(f"The number for {method} is not a telephone number with the code of its country.")
        elif method == "mobile":
            note.lose("Push to Opsgenie's app stays there; set up ntfy or web push instead.")
        else:
            note.lose(f"A contact for {method or 'an unknown method'} is of a kind that Muster does not know.")
    return list(dict.fromkeys(contacts))


def _rules(objects: Sequence[dict[str, Any]], note: ImportNote) -> list[ExportedNotifyRule]:
    steps: list[RuleStep] = []
    for data in objects:
        kind = text(data, "actionType")
        if kind and kind != "create-alert":
            note.lose(f"The notification rule for `{kind}` has no like in Muster.")
            continue
        if data.get("enabled") is False:
            continue
        if "steps" not in data:
            note.lose("A notification rule is only listed: add the answer of /users/ID/notification-rules/ID.")
            continue
        if mappings(data, "criteria", "conditions") or text(data, "criteria", "type") not in ("", "match-all"):
            note.lose("A notification rule has criteria; here it holds for every page.")
        if data.get("timeRestriction"):
            note.lose("A notification rule holds only at some hours; here it holds always.")
        for step in mappings(data, "steps"):
            method = text(step, "contact", "method").lower()
            after = delay_of(step.get("sendAfter"))
            if step.get("enabled") is False:
                continue
            if method in ("email", "sms", "voice"):
                steps.append(RuleStep(after, method))
            else:
                minutes = int(after.total_seconds() // 60)
                note.lose(
                    f"The step to notify by {method or 'an unknown contact'} after {minutes} minutes is left out."
                )
    return [ExportedNotifyRule("", sorted(steps, key=lambda item: item.after))] if steps else []


def delay_of(value: Any) -> timedelta:
    """`{"timeAmount": 5, "timeUnit": "minutes"}`, or a number of minutes; nothing where it cannot be read."""
    amount = number(value, "timeAmount") if isinstance(value, dict) else number({"": value}, "")
    unit = _UNITS.get(text(value, "timeUnit").lower(), 60)
    return timedelta(seconds=min(max(amount or 0, 0) * unit, 7 * 86400))


def read_teams(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every team with its members; `admin` leads."""
    for id, data in whole(objects, "team").items():
        name = text(data, "name") or id
        note = export.report.about("team", name, id)
        members = [
            _user(export, inside(mapping, "user")) or _user(export, mapping) for mapping in mappings(data, "members")
        ]
        leads = [
            _user(export, mapping.get("user"))
            for mapping in mappings(data, "members")
            if text(mapping, "role") == "admin"
        ]
        if "members" not in data:
            note.lose("The export does not hold its members: add the answer of /teams/ID, not only the list.")
        export.teams[id] = ExportedTeam(
            id, note, name, [member for member in dict.fromkeys(members) if member], next(iter(leads), "")
        )


def _user(export: Export, data: Any) -> str:
    return user_of(export, data) or text(data, "id")


def user_of(export: Export, data: Any) -> str:
    """The id of the user who is meant by an id or a user name; empty where the export has no such user."""
    id, username = text(data, "id"), text(data, "username").lower()
    if id in export.users:
        return id
    return next((user.id for user in export.users.values() if username and user.handle.lower() == username), "")


def team_of(export: Export, data: Any) -> str:
    """The id of the team that is meant by an id or a name; empty where the export has no such team."""
    id, name = text(data, "id"), (text(data, "name") or text(data, "teamName")).lower()
    if id in export.teams:
        return id
    return next((team.id for team in export.teams.values() if name and team.name.lower() == name), "")
