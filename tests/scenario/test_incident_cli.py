"""An incident from the command line of a real Muster: reported, taken, refused its close, closed."""

import asyncio

from tests.running import Running

PLAN = """
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation:
  first: [{notify: "person:admin", wait: 5m}]
closure:
  - {check: record_complete, fields: [trigger, resolution]}
  - {check: attest, name: users_recovered, by: incident_manager}
"""


async def test_an_incident_is_carried_to_its_close_from_the_command_line() -> None:
    async with Running(cold=True) as muster:
        await muster.init()
        assert (await muster.api("POST", "/api/v1/plans/main/versions", {"text": PLAN})).status_code == 201
        made = await muster.json("incident", "report", "The shop answers 500", "--on-behalf-of", "the CFO")
        assert (made["ref"], made["state"], made["on_behalf_of"]) == ("INC-1", "triggered", "the CFO")
        assert [each["ref"] for each in await muster.json("incident", "list", "--state", "triggered")] == ["INC-1"]
        assert "Acknowledge it first." in await muster.cli("incident", "mitigate", "INC-1", code=1)
        assert (await muster.json("incident", "acknowledge", "INC-1"))["state"] == "acknowledged"
        assert "has it since" in await muster.cli("incident", "acknowledge", "1", code=1)
        await muster.cli("incident", "role", "1", "incident_response_manager", "admin")
        await muster.cli("incident", "note", "1", "Looking at the cache.")
        await muster.cli("incident", "link", "1", "https://meet.example/1", "--label", "Call")
        await muster.cli("incident", "severity", "1", "high", "--reason", "There is a way around it.")
        await muster.cli("incident", "mitigate", "1", "--note", "Rolled back.")
        await muster.cli("incident", "resolve", "1", "--note", "Fixed.")
        refused = await muster.cli("incident", "close", "INC-1", "--json", code=1)
        assert "closure.attest:users_recovered" in refused
        assert "closure.record_complete" in refused
        shown = await muster.cli("incident", "show", "1")
        assert "The record lacks trigger." in shown
        await muster.cli("incident", "edit", "1", "--trigger", "A bad deployment.")
        assert (await muster.json("incident", "check", "INC-1", "users_recovered"))["open"] is True
        assert (await muster.json("incident", "close", "1"))["state"] == "closed"
        kinds = [each["kind"] for each in await muster.json("incident", "timeline", "1")]
        assert kinds[0] == "IncidentOpened"
        assert kinds[-1] == "IncidentClosed"
        assert "person:admin: admin." in await muster.cli("incident", "pages", "1")
        assert (await muster.json("incident", "reopen", "1", "--reason", "It is back."))["state"] == "triggered"
        await muster.cli("incident", "report", "The same again")
        assert (await muster.json("incident", "merge", "2", "1"))["ref"] == "INC-1"
        await muster.cli("incident", "false-alarm", "1", "--reason", "A rehearsal.")
        assert "INC-1" in await muster.cli("incident", "list")
        assert (await muster.json("incident", "obligations", "1"))["gate"]["open"] is True
        await asyncio.gather(*(muster.cli("incident", word, "--help") for word in ("list", "close", "check")))
        assert "There is no incident `INC-9`." in await muster.cli("incident", "escalate", "INC-9", code=1)
