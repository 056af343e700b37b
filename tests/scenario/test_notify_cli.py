"""How somebody is paged, from the command line and the API of a real Muster, and what a real page then does."""

from tests.running import Running

PLAN = """
kind: Plan
severities: {critical: {acknowledge_within: 5m}, low: {acknowledge_within: 1d}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:admin"], wait: 5m}]}
"""


async def test_rules_are_set_shown_and_foretold() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply(PLAN)
        await muster.cli("person", "contact", "add", "admin", "inbox", "admin", "--verified")
        shown = await muster.cli(
            "notify", "set", "admin", "--rule", "critical: inbox, email after 2m", "--quiet", "22:00-07:00"
        )
        assert "Critical: Inbox in Muster at once, E-mail after 2 min." in shown
        assert "Quiet 22:00 to 07:00" in shown
        told = await muster.cli("notify", "preview", "admin", "--at", "2026-11-23T03:00:00+00:00")
        assert "A critical page at 03:00 would go: Inbox in Muster at once, E-mail after 2 min." in told
        assert "A low page at 03:00 would go: Inbox in Muster at 07:00." in told
        refused = await muster.cli("notify", "set", "admin", "--rule", "critical: by pigeon", code=1)
        assert "`by pigeon` is not understood." in refused
        await muster.cli("notify", "set", "admin", "--no-rules", "--quiet", "none")
        kept = await muster.json("notify", "show", "admin")
        assert (kept["notify"], kept["quiet_hours"]) == ([], None)
        ref = (await muster.json("incident", "report", "The shop is down"))["ref"]
        for _ in range(100):
            pages = (await muster.api("GET", f"/api/v1/incidents/{ref}/pages")).json()
            sent = [each for page in pages for each in page["deliveries"]]
            if sent and sent[0]["state"] == "delivered":
                break
        assert (sent[0]["channel"], sent[0]["hold"], sent[0]["bundle_id"]) == ("inbox", "", None)
