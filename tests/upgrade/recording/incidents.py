"""The incidents of the recording: one in every state, by signals of every format and by hand."""

import asyncio

from tests.upgrade.recording import signals
from tests.upgrade.recording.stage import Stage, until


async def play(stage: Stage) -> None:
    """One after the other, so that their numbers stay the same."""
    await closed(stage)
    await resolved(stage)
    await mitigated(stage)
    await acknowledged(stage)
    await triggered(stage)
    await false_alarm(stage)
    await merged(stage)
    await reported(stage)
    await reopened(stage)
    await mapped(stage)
    await held_back(stage)


async def _act(stage: Stage, ref: str, act: str, note: str = "", *, by: str = "") -> None:
    await stage.call("POST", f"/incidents/{ref}/{act}", {"note": note}, by=by)


async def closed(stage: Stage) -> None:
    """All its way."""
    title = "Half of all checkouts fail"
    await signals.change(stage, "Checkout 4.2.0 deployed to production")
    await signals.prometheus(stage, "CheckoutErrors", title, component="checkout", severity="critical")
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", "Looking.", by="bo")
    await stage.call("POST", f"/incidents/{ref}/roles", {"role": "incident_response_manager", "person": "dana"})
    await stage.call("POST", f"/incidents/{ref}/roles", {"role": "security_officer", "person": "chen"})
    await stage.call("DELETE", f"/incidents/{ref}/roles/security_officer?reason=Not%20needed.")
    await stage.call("POST", f"/incidents/{ref}/notes", {"text": "Errors began **two minutes** after 4.2.0."}, by="bo")
    await stage.call("POST", f"/incidents/{ref}/notes", {"name": "lessons", "text": "Canary first."}, by="bo")
    link = {"url": "https://graphs.tidewater.example/d/checkout", "label": "Dashboard"}
    await stage.call("POST", f"/incidents/{ref}/links", link, by="bo")
    await _act(stage, ref, "mitigate", "Rolled back.", by="bo")
    await signals.prometheus(stage, "CheckoutErrors", title, over=True, component="checkout", severity="critical")
    await until(lambda: _quiet(stage, ref), f"the end of the alert of {ref}")
    await _act(stage, ref, "resolve", "4.1.9 is back everywhere.", by="bo")
    record = {"trigger": "The new currency field.", "resolution": "Rolled back to 4.1.9.", "summary": "A bad release."}
    await stage.call("PATCH", f"/incidents/{ref}", record, by="bo")
    await stage.call("POST", f"/incidents/{ref}/close", {}, by="dana", code=409)
    await _act(stage, ref, "checks/users_recovered", "Sales are as usual.", by="dana")
    await _act(stage, ref, "checks/users_recovered/withdraw", "Looked at the wrong day.", by="dana")
    await _act(stage, ref, "checks/users_recovered", "Now for real.", by="dana")
    await _act(stage, ref, "close", by="dana")


async def _quiet(stage: Stage, ref: str) -> bool:
    alerts = await stage.call("GET", f"/incidents/{ref}/alerts")
    return all(alert["status"] == "resolved" for alert in alerts)


async def resolved(stage: Stage) -> None:
    """By Azure Monitor, taken over by somebody else, its duties still open."""
    await signals.azure(stage, "CheckoutLatency")
    ref = await stage.incident("CheckoutLatency")
    await _act(stage, ref, "acknowledge", by="bo")
    await _act(stage, ref, "take", "I know this one.", by="chen")
    await signals.azure(stage, "CheckoutLatency", over=True)
    await until(lambda: _quiet(stage, ref), f"the end of the alert of {ref}")
    await _act(stage, ref, "mitigate", "The load test is stopped.", by="chen")
    await _act(stage, ref, "resolve", "It was the load test.", by="chen")


async def mitigated(stage: Stage) -> None:
    """By PagerDuty's events, with responders and help."""
    title = "Cache A evicts everything"
    await signals.pagerduty(stage, "cache-a", title)
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", by="bo")
    asked = {"targets": ["person:chen", "person:dana"], "note": "You know the cache."}
    await stage.call("POST", f"/incidents/{ref}/responders", asked, by="bo")
    await stage.call("POST", f"/incidents/{ref}/respond", {"coming": True}, by="chen")
    await stage.call("POST", f"/incidents/{ref}/respond", {"coming": False, "reason": "On a plane."}, by="dana")
    await stage.call("POST", f"/incidents/{ref}/help", {"words": "Who can restart it?"}, by="bo")
    await _act(stage, ref, "mitigate", "Cache B takes the load.", by="bo")


async def acknowledged(stage: Stage) -> None:
    """By Grafana, with a severity that was changed, and a hand-over that was accepted."""
    title = "Search is slow"
    await signals.grafana(stage, "SearchSlow", title, component="search", severity="warning")
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", by="bo")
    await stage.call("POST", f"/incidents/{ref}/severity", {"severity": "critical", "reason": "Nobody finds a rope."})
    await stage.call("POST", f"/incidents/{ref}/severity", {"severity": "high", "reason": "They find ropes again."})
    await stage.call("POST", f"/incidents/{ref}/hand-over", {"person": "chen", "note": "Good night."}, by="bo")
    await stage.call("POST", f"/incidents/{ref}/respond", {"coming": True}, by="chen")


async def triggered(stage: Stage) -> None:
    """By CloudEvents; nobody has answered, and paging goes on."""
    title = "The newsletter queue grows"
    await signals.cloudevent(stage, "queue-1", title)
    ref = await stage.incident(title)
    await stage.call("POST", f"/incidents/{ref}/escalate", {"reason": "Bo is at sea."})
    await asyncio.sleep(1)


async def false_alarm(stage: Stage) -> None:
    """By any JSON; it was nothing."""
    title = "The certificate of the shop ends today"
    await signals.anything(stage, "certificate", title, "critical", category="security")
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", by="bo")
    await stage.call("POST", f"/incidents/{ref}/false-alarm", {"reason": "The probe's clock was wrong."}, by="dana")


async def merged(stage: Stage) -> None:
    """Reported by hand on behalf of somebody, and merged into another."""
    title = "My search finds nothing"
    body = {"title": title, "workload": "shop", "severity": "high", "on_behalf_of": "Harbour office"}
    await stage.call("POST", "/incidents", body, by="bo")
    ref = await stage.incident(title)
    await stage.call("POST", f"/incidents/{ref}/merge", {"into": "INC-5", "reason": "The same search."}, by="bo")


async def reported(stage: Stage) -> None:
    """A security incident, reported by hand; a hand-over that was withdrawn and one that waits."""
    title = "A stranger signed in as the harbour master"
    body = {"title": title, "category": "security", "severity": "critical", "description": "From an unknown place."}
    await stage.call("POST", "/incidents", body, by="bo")
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", by="dana")
    await stage.call("POST", f"/incidents/{ref}/hand-over", {"person": "bo", "note": "Yours?"}, by="dana")
    asked = [
        row["page"] for row in await stage.call("GET", f"/incidents/{ref}/responders") if row["standing"] == "asked"
    ]
    await stage.call("POST", f"/incidents/{ref}/asked/{asked[0]}/withdraw", by="dana")
    await stage.call("POST", f"/incidents/{ref}/hand-over", {"person": "chen", "note": "Yours, then?"}, by="dana")


async def reopened(stage: Stage) -> None:
    """Resolved too early, and opened again."""
    title = "Orders wait for stock"
    await signals.prometheus(stage, "OrdersWait", title, workload="shop", severity="info")
    ref = await stage.incident(title)
    await _act(stage, ref, "acknowledge", by="bo")
    await _act(stage, ref, "mitigate", "Orders are taken by hand.", by="bo")
    await _act(stage, ref, "resolve", "Stock is counted.", by="bo")
    await stage.call("POST", f"/incidents/{ref}/reopen", {"reason": "They wait again."}, by="bo")


async def mapped(stage: Stage) -> None:
    """By the mapping of an integration."""
    await signals.harbour(stage, "sluice", "71 cm")
    await stage.incident("Sluice reads 71 cm")


async def held_back(stage: Stage) -> None:
    """Alerts that open no incident, verdicts, what cannot be read, heartbeats."""
    await signals.prometheus(stage, "Quiet", "Known and harmless", severity="warning")
    await signals.grafana(stage, "CacheRestart", "Cache B restarts", component="cache-b")
    await stage.call("POST", "/integrations/prometheus/test", {})
    for over in (False, True) * 5:
        await signals.prometheus(stage, "Flaps", "A door that flaps", over=over, severity="info", component="sender")
        await asyncio.sleep(0.3)
    await stage.send("prometheus", "/api/v2/alerts", '[{"annotations": {}}]', code=400, content_type="application/json")
    await stage.send("prometheus", "/heartbeat/backup", "")
    await stage.send("anything", "/heartbeat/import?every=300d&grace=1d", "")
    await stage.send("anything", "/heartbeat/import/fail", "The file of prices is empty.")
    for alert in (await stage.call("GET", "/alerts?status=all&limit=200"))["items"]:
        if alert["title"] in ("Half of all checkouts fail", "The certificate of the shop ends today"):
            verdict = {"verdict": "real" if alert["title"].startswith("Half") else "false", "reason": "Seen."}
            await stage.call("POST", f"/alerts/{alert['id']}/verdict", verdict, by="dana")
