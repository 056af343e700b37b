"""The versions of a schedule on the command line: what was and will be in force, withdrawing and undoing."""

from datetime import datetime
from typing import Any

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table
from muster.oncall.cli.times import zone_of
from muster.oncall.schedules.notation import write_local


def history(name: str, *, json: Json = False) -> None:
    """List the versions of a schedule, the newest first: from when each holds, by whom, and what became of it."""
    client = Client()
    rows = list(client.items(f"/schedules/{name}/versions"))
    zone = "" if json else zone_of(client, name)
    for row in () if json else rows:
        row["since"] = write_local(datetime.fromisoformat(row["since"]), zone)
        row["state"] = f"withdrawn by {row['withdrawn_by']}" if row["withdrawn_by"] else row["state"]
        row["layers"] = [layer["name"] for layer in (row["definition"] or {}).get("layers", ())] or "none, deleted"
    columns = {"version": "version", "since": f"from ({zone})", "state": "state", "made_by": "by", "layers": "layers"}
    emit_table(rows, columns, json=json, empty="")


def withdraw(name: str, version: int, *, reason: str = "", json: Json = False) -> None:
    """Withdraw the newest version of a schedule before it takes effect."""
    _tell(Client().post(f"/schedules/{name}/versions/{version}/withdraw", {"reason": reason}), json)


def undo(name: str, *, reason: str = "", json: Json = False) -> None:
    """Take the newest edit back: a version equal to the one before it is in force from now; the past stays."""
    _tell(Client().post(f"/schedules/{name}/undo", {"reason": reason}), json)


def tell_version(found: dict[str, Any]) -> str:
    """From when a saved version holds, and what has yet to take effect after it."""
    since = write_local(datetime.fromisoformat(found["since"]), found["time_zone"])
    ahead = any(version["version"] == found["version"] for version in found["ahead"])
    return (
        f"version {found['version']} {'takes effect' if ahead else 'is in force since'} {since} ({found['time_zone']})"
    )


def _tell(found: dict[str, Any], json: bool) -> None:
    if json:
        emit_json(found)
        return
    print(f"{found['name']}: {tell_version(found)}")
    for finding in found["findings"]:
        print(f"! {finding['sentence']}")
