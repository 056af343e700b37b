"""What people of the recorded organisation do besides incidents: schedules, tokens, silences, versions of the plan."""

from typing import Any

import httpx2

from tests.running import csrf
from tests.upgrade.recording.stage import MANIFESTS, Stage

PRIMARY = "/schedules/storefront-primary"
FREE = "The harbour master cannot sign in"
SMALL_PLAN = """
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:amara"], wait: 4h}]}
"""
FREE_PLAN = """
plan: {name: main, owner: "team:storefront"}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:amara"], wait: 4h}]}
impact:
  users_affected: {unit: percent, levels: {low: 1, critical: 50}}
  business_functions: {levels: {high: any_critical, critical: any_revenue}}
  trust: {}
disaster_when: 'impact.users_affected >= 90 && duration > duration("30m")'
disaster: {hand_off_to: "team:dr", plan_url: "https://wiki.tidewater.example/dr"}
authority:
  close: {only: incident_manager, not_same_person_as: resolver, severities: [critical]}
  containment.isolate: {critical: incident_manager, otherwise: responder}
  mitigation.bypass: {approvals: [incident_manager, stakeholder], max_degraded: 4h}
containment:
  isolate: {options: [remove_from_routing, throttle], authority: containment.isolate, runbook: isolate}
  auto: [{if: 'alert.name == "CredentialStuffing"', do: throttle, approve: security_officer}]
communications:
  audiences: {executives: {channel: "email:exec@tidewater.example", detail: summary}}
  escalate_miss_to: role:duty-manager
regulators: {gdpr: {if: 'security.breach_type == "personal_data"', notify_within: 72h, from: awareness}}
closure:
  - {check: no_firing_alerts}
  - {check: metric, query: 'error_rate < 0.01', for: 30m}
  - {check: closing_notice_sent, audiences: [customers]}
  - {check: investigation_report, when: 'category == "security"'}
retrospective: {facilitator: {must_not: responder}, observations_required: true}
rca: {template: rca-default, share: {public: [summary, impact], internal: all}}
drills: [{name: quarterly-page-test, kind: escalation, every: 90d}, anything at all]
"""
"""Sections that 0.1 kept as they were written, whatever stood in them; an incident runs under it."""


async def set_up(stage: Stage) -> None:
    """A small plan first, then one with free sections and an incident, then everything; applied twice, as people do."""
    person = {"name": "finn", "email": "finn@tidewater.example", "full_name": "Finn Berg", "permission": "responder"}
    await stage.call("POST", "/persons", person)
    documents = MANIFESTS.read_text(encoding="utf-8").split("\n---\n")
    await stage.muster.apply("\n---\n".join(text for text in documents if "kind: Plan\n" not in text))
    await stage.muster.apply(SMALL_PLAN)
    await stage.call("POST", "/plans/main/versions", {"text": FREE_PLAN, "note": "As we would like it."})
    await stage.call("POST", "/incidents", {"title": FREE})
    await stage.incident(FREE)
    await stage.muster.cli("apply", "-f", str(MANIFESTS))
    await stage.muster.cli("apply", "-f", str(MANIFESTS))
    await stage.call("POST", "/plans/main/versions/1:restore", {"note": "Back to the small one for a moment."})
    await stage.muster.cli("apply", "-f", str(MANIFESTS))
    await stage.call("PUT", "/organisation", {"name": "Tidewater"})
    await stage.call("POST", "/persons/finn/deactivate", {"reason": "Has left for the sea."})
    await stage.call("POST", "/workloads/shop/review")


async def rota(stage: Stage) -> None:
    """Overrides, swaps, versions to come, notes of hand-off, feeds and shift notices."""
    add = f"{PRIMARY}/overrides"
    for person, start, end in (
        ("chen", "2026-12-08T18:00:00+01:00", "2026-12-09T06:00:00+01:00"),
        (None, "2026-12-12T00:00:00+01:00", "2026-12-12T06:00:00+01:00"),
        ("dana", "2026-12-15T00:00:00+01:00", "2026-12-16T00:00:00+01:00"),
    ):
        override = {"person": person, "start": start, "end": end, "note": "As agreed."}
        last = await stage.call("POST", add, override)
    await stage.call("DELETE", f"{add}/{last['id']}")
    await stage.call("POST", "/schedules", _trials("Now."))
    for day in ("2027-03-01", "2027-04-01"):
        await stage.call("PUT", f"/schedules/sea-trials?from={day}T09:00:00%2B00:00", _trials(f"From {day}."))
    await stage.call("POST", "/schedules/sea-trials/versions/3/withdraw", {"reason": "Not yet."})
    swap = {"schedule": "payments-primary", "note": "The dentist."}
    for start, end, other, answer in (
        ("2026-12-07T13:00:00Z", "2026-12-08T01:00:00Z", "chen", "accept"),
        ("2026-12-09T01:00:00Z", "2026-12-09T13:00:00Z", "dana", "decline"),
        ("2026-12-15T13:00:00Z", "2026-12-16T01:00:00Z", "chen", "withdraw"),
        ("2028-01-10T13:00:00Z", "2028-01-11T01:00:00Z", "chen", ""),
    ):
        asker = "dana" if other == "chen" else "chen"
        request = {**swap, "kind": "cover", "start": start, "end": end, "other": other}
        asked = await stage.call("POST", "/requests", request, by=asker)
        if answer:
            await stage.call("POST", f"/requests/{asked['id']}/{answer}", by=asker if answer == "withdraw" else other)
    note = await stage.call(
        "POST", f"{PRIMARY}/handoff-notes", {"text": "The cache is **warm** only by noon."}, by="bo"
    )
    await stage.call("POST", f"{PRIMARY}/handoff-notes/{note['id']}/done", by="bo")
    await stage.call("POST", f"{PRIMARY}/handoff-notes", {"text": "Certificates end in March."}, by="bo")
    feed = await stage.call("POST", "/feeds", {"kind": "schedule", "subject": "storefront-primary"}, by="bo")
    stage.credentials["feed"] = feed["url"].removeprefix(stage.muster.url)
    await stage.call("PUT", "/me/shift-notices", {"before": None, "changes": False}, by="chen")


def _trials(description: str) -> dict[str, Any]:
    """A schedule of which a version is to come, so that no manifest names it."""
    layer = {
        "name": "weekly",
        "people": ["bo", "chen"],
        "rotate": "weekly",
        "hand_off": "Mon 09:00",
        "start": "2026-11-30",
    }
    return {"name": "sea-trials", "time_zone": "Europe/Lisbon", "description": description, "layers": [layer]}


async def access(stage: Stage) -> None:
    """Tokens that hold, that are revoked, and links that nobody has used; guesses and denials."""
    for name, scopes in (("ci", ["apply", "plan.*"]), ("dashboard", ["incident.read"]), ("old", ["*"])):
        token = await stage.call("POST", "/tokens", {"name": name, "scopes": scopes, "expires_in": "300d"}, by="dana")
        stage.credentials[f"token {name}"] = token["token"]
    await stage.call("DELETE", f"/tokens/{token['id']}?reason=Not%20needed.", by="dana")
    await stage.call("POST", "/persons/elif/password-link")
    await stage.call("POST", "/teams", {"name": "mine"}, by="bo", code=403)
    await stage.call("POST", "/deliveries/test", {"person": "amara"})
    async with httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url) as browser:
        form = {"csrf": csrf((await browser.get("/sign-in")).text), "who": "bo", "password": "guessed"}
        answer = await browser.post("/sign-in", data=form, headers={"origin": stage.muster.url})
        assert answer.status_code == 401, answer.text


async def silences(stage: Stage) -> None:
    """One that holds, one to come, one that was ended, and a window of maintenance."""
    base = {"comment": "Known and harmless."}
    await stage.call("POST", "/silences", {**base, "matchers": ["alertname=Quiet"], "duration": "80d"}, by="bo")
    ended = await stage.call("POST", "/silences", {**base, "matchers": ["alertname=Ended"], "duration": "1d"})
    await stage.call("POST", f"/silences/{ended['id']}/expire", {"reason": "Mended."})
    window = {
        **base,
        "kind": "maintenance",
        "matchers": ["component=cache-b"],
        "duration": "60d",
        "integration": "grafana",
    }
    await stage.call("POST", "/silences", window)


async def seal(stage: Stage) -> None:
    """Seal the ledger by hand."""
    await stage.call("POST", "/ledger/seals", {"reason": "Recorded."})
