"""Grafana OnCall's users, personal notification rules and teams."""

from collections.abc import Sequence
from datetime import timedelta

from muster.importing.export import Export, ExportedNotifyRule, ExportedTeam, RuleStep, User
from muster.importing.export_files import ExportObject
from muster.importing.fields import listed, number, seconds, text
from muster.importing.report import ImportNote
from muster.importing.zones import zone_of

_BY = {"notify_by_sms": "sms", "notify_by_phone_call": "voice", "notify_by_email": "email"}
_LEVELS = {"viewer": "viewer", "user": "responder", "editor": "responder"}


def read_users(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every user; a final shift names its user too, with their address."""
    for item in objects:
        data = item.data
        if item.kind == "final" and (id := text(data, "user_pk")) and id not in export.users:
            data = {"id": id, "email": data.get("user_email"), "username": data.get("user_username")}
        elif item.kind != "user" or not (id := text(data, "id")) or id in export.users:
            continue
        handle = text(data, "username")
        note = export.report.about("user", text(data, "name") or handle or text(data, "email"), id)
        user = User(id, note, handle or text(data, "name"), text(data, "email"), handle)
        user.zone = zone_of(text(data, "timezone"), note)
        role = text(data, "role").lower()
        user.level = _LEVELS.get(role, "responder")
        if role == "admin":
            user.level = "manager"
            note.lose("They are `admin` there. An import makes nobody an administrator; they become a manager.")
        user.rules = _rules(
            [item for item in objects if item.kind == "rule" and text(item.data, "user_id") == id], note
        )
        if listed(data, "slack"):
            note.lose("Slack is connected anew: the person adds Slack to their contacts.")
        export.users[id] = user
    for item in objects:
        if item.kind == "rule" and text(item.data, "user_id") not in export.users:
            note = export.report.about("notification rule", text(item.data, "type"), text(item.data, "id"))
            note.lose("The export does not hold the user whose it is.")


def _rules(objects: Sequence[ExportObject], note: ImportNote) -> list[ExportedNotifyRule]:
    made: list[ExportedNotifyRule] = []
    for important in (True, False):
        own = [item.data for item in objects if bool(item.data.get("important")) is important]
        after, steps = timedelta(), []
        for data in sorted(own, key=lambda item: number(item, "position") or 0):
            kind = text(data, "type")
            if kind == "wait":
                after += seconds(data, "duration") or timedelta()
            elif kind in _BY:
                steps.append(RuleStep(min(after, timedelta(hours=24)), _BY[kind]))
            else:
                note.lose(
                    f"The rule `{kind or 'without a type'}` has no like in Muster; set up ntfy, Slack or web push."
                )
        if steps:
            made.append(ExportedNotifyRule("high" if important else "low", steps))
    return made


def read_teams(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every team, with the users who say that they belong to it."""
    for item in objects:
        id = text(item.data, "id")
        if item.kind == "team" and id and id not in export.teams:
            note = export.report.about("team", text(item.data, "name") or id, id)
            members = [
                text(item.data, "id") for item in objects if item.kind == "user" and id in listed(item.data, "teams")
            ]
            export.teams[id] = ExportedTeam(id, note, text(item.data, "name") or id, list(dict.fromkeys(members)))
