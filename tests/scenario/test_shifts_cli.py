"""Shifts from the command line of a real Muster: asked, agreed, noted, subscribed, counted, and told by a real notice."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta

import httpx2
from tests.running import Running

PEOPLE = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder, time_zone: Europe/Lisbon,
 contacts: [{kind: inbox, address: ana, verified: true}]}
---
{kind: Person, name: bo, full_name: "=Bo", email: bo@contoso.example, permission: responder}
---
kind: Schedule
name: platform-primary
time_zone: Europe/Stockholm
layers:
  - {name: weekly, people: [ana, admin, bo], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05}
"""


async def test_shifts_are_asked_for_noted_subscribed_and_counted() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply(PEOPLE)
        first = next(each for each in await muster.json("shifts") if not each["runs"])
        ask = ("swap", "ask", "platform-primary", "ana", "--from", first["start"], "--to", first["end"])
        made = await muster.json(*ask, "--note", "a wedding")
        assert (made["kind"], made["state"]) == ("cover", "open")
        assert "asked for this time already" in await muster.cli(*ask, code=1)
        assert "Nobody accepts their own request" in await muster.cli("swap", "accept", made["id"], code=1)
        assert made["id"] in str(await muster.json("swap", "list", "--state", "open", "--mine"))
        assert "withdrawn" in await muster.cli("swap", "withdraw", made["id"])

        assert "will read it" in await muster.cli("handoff", "write", "platform-primary", "Watch **queue 7**.")
        (note,) = await muster.json("handoff", "list", "platform-primary")
        assert note["text"] == "Watch **queue 7**."
        assert "put aside" in await muster.cli("handoff", "done", "platform-primary", note["id"])
        assert "No note stands" in await muster.cli("handoff", "list", "platform-primary")

        feed = await muster.json("feed", "create", "schedule", "platform-primary")
        path = "/" + feed["url"].split("/", 3)[3]
        async with httpx2.AsyncClient(base_url=muster.url, trust_env=False) as http:
            shown = await http.get(path)
            assert shown.text.startswith("BEGIN:VCALENDAR\r\n")
            assert (await http.head(path)).headers["etag"] == shown.headers["etag"]
            await muster.cli("feed", "revoke", feed["id"])
            assert (await http.get(path)).status_code == 404

        times = ("--from", "2026-11-01", "--to", "2026-12-01")
        assert "ana" in await muster.cli("oncall", "fairness", "--from", "2027-01-01", "--to", "2027-03-01")
        assert await muster.json("oncall", "report", *times, "--schedule", "platform-primary")
        text = await muster.cli("oncall", "report", "--from", "2027-01-01", "--to", "2027-03-01", "--csv")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {row["full_name"] for row in rows if row["person"] == "bo"} == {"'=Bo"}
        assert (await muster.json("shifts", "notices", "--before", "off"))["before"] is None


async def test_whose_shift_another_changes_reads_it_in_their_inbox() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply(PEOPLE)
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        while await _on_call(muster, start) == ["ana"]:
            start += timedelta(days=7)
        words = ("override", "add", "platform-primary", "ana", "--from", start.isoformat(), "--for", "8h")
        await muster.cli(*words, "--note", "a fever")
        inbox = ""
        for _ in range(100):
            inbox = (await muster.api("GET", "/inbox?box=ana")).text
            if "a fever" in inbox:
                break
            await asyncio.sleep(0.2)
        assert "Your shifts on platform-primary changed" in inbox
        assert "You are now on call from" in inbox
        assert "Prove this contact" not in inbox


async def _on_call(muster: Running, at: datetime) -> list[str]:
    found = await muster.json("schedule", "explain", "platform-primary", "--at", at.isoformat())
    return list(found["people"])
