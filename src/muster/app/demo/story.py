"""What happens in the demonstration: three incidents, from real signals, paged for real into the built-in inbox."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2

from muster.kit.clock import Clock

Say = Callable[[str], None]
PATIENCE = 10.0
BEGAN = timedelta(minutes=5)
"""How long before their first signal the demonstration's alerts began."""


class DemoStage:
    """Muster as the demonstration plays on it: the API as the administrator, and the addresses of the integrations."""

    def __init__(self, url: str, token: str, say: Say, clock: Clock) -> None:
        self.say, self.clock = say, clock
        self._http = httpx2.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )
        self._keys: dict[str, str] = {}

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API; a refusal ends the demonstration with the server's words."""
        answer = await self._http.request(method, f"/api/v1{path}", json=body)
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    async def send(self, integration: str, path: str, body: Any) -> None:
        """Post what a monitoring system would post."""
        if integration not in self._keys:
            self._keys[integration] = (await self.call("GET", f"/integrations/{integration}/key"))["key"]
        answer = await self._http.post(f"/i/{self._keys[integration]}{path}", json=body)
        answer.raise_for_status()

    async def alert(self, name: str, component: str, severity: str, summary: str, *, over: bool = False) -> None:
        """Fire or resolve an alert as Prometheus does."""
        now = self.clock.now()
        labels = {"alertname": name, "component": component, "severity": severity, "instance": f"{component}-1:9090"}
        notes = {"summary": summary, "runbook_url": f"https://runbooks.tidewater.example/{name.lower()}"}
        ends = now - timedelta(seconds=1) if over else now + timedelta(hours=6)
        alert = {
            "labels": labels,
            "annotations": notes,
            "startsAt": (now - BEGAN).isoformat(),
            "endsAt": ends.isoformat(),
        }
        await self.send("prometheus", "/api/v2/alerts", [alert])

    async def incident(self, title: str) -> dict[str, Any]:
        """The newest incident of that title, waited for."""

        async def find() -> dict[str, Any] | None:
            rows = (await self.call("GET", "/incidents"))["items"]
            return next((row for row in rows if row["title"] == title), None)

        found: dict[str, Any] = await until(find, f"the incident {title!r}")
        return found

    async def paged(self, ref: str) -> list[str]:
        """Who has been paged for an incident, waited for."""

        async def find() -> list[str] | None:
            pages = await self.call("GET", f"/incidents/{ref}/pages")
            sent = [delivery for page in pages for delivery in page["deliveries"] if delivery["state"] == "delivered"]
            return [delivery["person"] for delivery in sent] or None

        names: list[str] = await until(find, f"the first page of {ref}")
        return names


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Look again and again until there is something, within patience."""
    for _ in range(int(PATIENCE / 0.1)):
        if found := await look():
            return found
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{what} did not come within {PATIENCE:.0f} s")


async def play(stage: DemoStage) -> str:
    """Play the story; returns the reference of the incident on which the onlooker is left."""
    await _finished(stage)
    ref = await _running(stage)
    await _fresh(stage)
    return ref


async def _finished(stage: DemoStage) -> None:
    """An incident that went all its way."""
    summary = "Half of all searches take more than 2 s"
    stage.say("Search is slow: Prometheus tells Muster.")
    await stage.alert("SearchSlow", "search", "warning", summary)
    incident = await stage.incident(summary)
    ref = incident["ref"]
    stage.say(f"{ref} is open; paged: {', '.join(await stage.paged(ref))}.")
    await stage.call("POST", f"/incidents/{ref}/acknowledge", {})
    await stage.call("POST", f"/incidents/{ref}/roles", {"role": "incident_response_manager", "person": "amara"})
    await stage.call(
        "POST", f"/incidents/{ref}/notes", {"text": "The index was rebuilding on all three nodes at once."}
    )
    await stage.call("POST", f"/incidents/{ref}/mitigate", {"note": "Rebuilding stopped on two nodes."})
    await stage.alert("SearchSlow", "search", "warning", summary, over=True)
    await stage.call("POST", f"/incidents/{ref}/resolve", {"note": "The index is rebuilt, one node after the other."})
    record = {
        "trigger": "A release rebuilt the search index on every node at once.",
        "resolution": "Indexes are rebuilt one node at a time.",
    }
    await stage.call("PATCH", f"/incidents/{ref}", record)
    await stage.call("POST", f"/incidents/{ref}/checks/users_recovered", {})
    await stage.call("POST", f"/incidents/{ref}/close", {})
    stage.say(f"{ref} was acknowledged, mitigated, resolved and closed.")


async def _running(stage: DemoStage) -> str:
    """The incident that the onlooker finds half-way."""
    stage.say("Checkout 4.2.0 is deployed, and its errors begin.")
    change = {
        "routing_key": "demo",
        "payload": {
            "summary": "Checkout 4.2.0 deployed to production",
            "source": "pipeline",
            "timestamp": stage.clock.now().isoformat(),
        },
        "links": [{"href": "https://git.tidewater.example/checkout/4.2.0", "text": "Release notes"}],
    }
    await stage.send("deployments", "/v2/change/enqueue", change)
    summary = "One in five checkouts fails with an error of the payment gateway"
    await stage.alert("CheckoutErrors", "checkout", "critical", summary)
    incident = await stage.incident(summary)
    ref = incident["ref"]
    stage.say(f"{ref} is open, {incident['severity']}; paged: {', '.join(await stage.paged(ref))}.")
    await stage.call("POST", f"/incidents/{ref}/acknowledge", {})
    await stage.call("POST", f"/incidents/{ref}/roles", {"role": "incident_response_manager", "person": "dana"})
    await stage.call("POST", f"/incidents/{ref}/roles", {"role": "on_call_engineer", "person": "bo"})
    note = "Errors began **two minutes** after 4.2.0. The gateway refuses the new currency field."
    await stage.call("POST", f"/incidents/{ref}/notes", {"text": note})
    dashboard = {"url": "https://graphs.tidewater.example/d/checkout", "label": "Checkout dashboard"}
    await stage.call("POST", f"/incidents/{ref}/links", dashboard)
    await stage.alert("CheckoutErrors", "checkout", "critical", summary)
    return str(ref)


async def _fresh(stage: DemoStage) -> None:
    """One that nobody has taken yet: its clock runs."""
    summary = "The disk of the payment ledger is full in about four hours"
    await stage.alert("DiskFillingUp", "ledger", "warning", summary)
    incident = await stage.incident(summary)
    paged = ", ".join(await stage.paged(incident["ref"]))
    stage.say(f"{incident['ref']} waits to be acknowledged; paged: {paged}.")
