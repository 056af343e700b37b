"""Schedules from the command line of a real Muster: written, looked at, overridden, explained, kept while in use."""

from pathlib import Path

from tests.running import Running

PEOPLE = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder,
 contacts: [{kind: inbox, address: ana, verified: true}]}
---
{kind: Person, name: bo, full_name: Bo Lind, email: bo@contoso.example, permission: manager,
 contacts: [{kind: inbox, address: bo, verified: true}]}
"""
SCHEDULE = """
name: platform-primary
time_zone: Europe/Stockholm
layers:
  - {name: weekly, people: [ana], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05}
"""
PLAN = """
kind: Plan
name: main
routes: [{if: 'true', to: platform}]
escalation: {platform: [{notify: ["schedule:platform-primary"]}]}
"""


async def test_a_schedule_is_written_looked_at_and_overridden(tmp_path: Path) -> None:
    file = tmp_path / "schedule.yaml"
    file.write_text(SCHEDULE)
    async with Running() as muster:
        await muster.init()
        assert "There is no schedule" in await muster.cli("schedule", "list")
        refused = await muster.cli("schedule", "save", str(file), code=1)
        assert "layers.0.people.0: There is no person `ana`." in refused
        await muster.apply(PEOPLE)
        assert "would be saved" in await muster.cli("schedule", "save", str(file), "--preview")
        assert "version 1 is in force" in await muster.cli("schedule", "save", str(file))
        assert "version 1 is in force" in await muster.cli("schedule", "save", str(file))
        assert "ana, always." in await muster.cli("schedule", "show", "platform-primary")
        assert (await muster.json("oncall"))[0]["people"] == ["ana"]

        times = ("--from", "2050-06-01T09:00", "--to", "2050-06-01T17:00+02:00")
        said = await muster.cli("override", "add", "platform-primary", "bo", *times, "--note", "a wedding")
        assert "from Wed 2050-06-01 09:00 to Wed 2050-06-01 17:00 (Europe/Stockholm)" in said
        explained = await muster.cli("schedule", "explain", "platform-primary", "--at", "2050-06-01T12:00")
        assert "→ Override by admin (a wedding): bo until Wed 2050-06-01 17:00." in explained
        assert "  Layer weekly: ana" in explained
        shown = await muster.cli(
            "schedule", "coverage", "platform-primary", "--from", "2050-06-01", "--to", "2050-06-02"
        )
        table = " ".join(line for line in shown.splitlines() if not line.startswith("!"))
        assert [word for word in table.split() if word in ("ana", "bo")] == ["ana", "bo", "ana"]
        assert "Write one of them." in await muster.cli("override", "add", "platform-primary", code=1)
        assert "is not a time" in await muster.cli("schedule", "explain", "platform-primary", "--at", "noon", code=1)

        made = await muster.json("override", "add", "platform-primary", "--nobody", "--for", "8h")
        assert "nobody" in await muster.cli("oncall")
        await muster.cli("override", "remove", "platform-primary", made["id"])
        assert "ana" in await muster.cli("oncall")

        await muster.apply(PLAN)
        assert "names it in" in await muster.cli("schedule", "delete", "platform-primary", code=1)
        assert "take turns in platform-primary" in await muster.cli("person", "deactivate", "ana", code=1)
