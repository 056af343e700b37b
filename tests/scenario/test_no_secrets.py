"""No secret is where it does not belong: a running Muster handles one of every kind, and everything it tells is searched."""

import json
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from tests.running import Running
from tests.scenario.secret_kinds import KINDS, SETTINGS, Stage

from muster.base.features import installed, routers
from muster.base.web.needs import needs_of

PLAN = """
kind: Plan
name: main
severities: {critical: {acknowledge_within: 5m}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
---
kind: Integration
name: prom
format: alertmanager
"""
OWN = {"/inbox"}
"""Pages of what was sent to the reader; an administrator reads all of it."""


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A Muster that has handled a secret of every kind, well and badly."""
    async with Running(telegram_answers="off", log_level="debug", **SETTINGS) as muster:
        await muster.init()
        people = [
            {
                "kind": "Person",
                "name": name,
                "email": f"{name}@contoso.example",
                "permission": level,
                "contacts": contacts,
            }
            for name, level, contacts in (
                ("ana", "manager", [{"kind": "inbox", "address": "ana", "verified": True}]),
                ("vera", "viewer", []),
                ("tess", "viewer", []),
            )
        ]
        await muster.apply("\n---\n".join([*map(json.dumps, people), PLAN]))
        made = Stage(muster)
        for name, make in KINDS.items():
            made.secrets[name] = [secret for secret in await make(made) if secret]
        yield made


def readable_paths() -> list[str]:
    """Everything that is read without naming one thing, in the API and in the browser."""
    found = set()
    for router in routers(installed()):
        for route in router.routes:
            methods, path = getattr(route, "methods", None) or set(), getattr(route, "path", "")
            if "GET" in methods and "{" not in path and path != "/live":
                found.add(path)
                assert needs_of(route.endpoint)  # type: ignore[attr-defined]
    return sorted(found - OWN)


async def told(stage: Stage, token: str) -> dict[str, str]:
    """What a reader gets, by where."""
    headers, found = {"authorization": f"Bearer {token}"}, {}
    async with httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url, headers=headers, timeout=30) as reader:

        async def take(path: str) -> httpx2.Response:
            answer = await reader.get(path)
            found[path] = answer.text + str(answer.headers)
            return answer

        for path in [*readable_paths(), "/metrics", "/healthz", "/readyz", "/api/v1/openapi.json", "/nowhere"]:
            await take(path)
        await take("/api/v1/ledger?limit=200")
        for place in ("/api/v1/alerts", "/api/v1/incidents", "/api/v1/signals", "/api/v1/persons"):
            for item in (await take(f"{place}?limit=200")).json().get("items", []):
                name = item.get("ref") or item.get("name") or item["id"]
                for more in (
                    "",
                    "/signals",
                    "/timeline",
                    "/pages",
                    "/deliveries",
                    "/contacts",
                    "/export",
                    "/explain",
                    "/why",
                ):
                    await take(f"{place}/{name}{more}")
                    await take(f"{place.removeprefix('/api/v1')}/{name}{more}")
        for path in (
            "/settings/people/ana",
            "/api/v1/integrations/prom",
            "/settings/integrations/prom",
            "/api/v1/deliveries",
        ):
            await take(path)
        after, number = "", 0
        while number == 0 or after:
            page = await take(f"/api/v1/ledger?limit=200&above=0{f'&after={after}' if after else ''}")
            after, number = page.json().get("next") or "", number + 1
    return found


def leaks(stage: Stage, places: dict[str, str], but: tuple[str, ...] = ()) -> list[str]:
    """Which kind of secret stands where."""
    return sorted(
        f"{name} at {place}"
        for name, secrets in stage.secrets.items()
        if name not in but
        for place, text in places.items()
        if any(secret in text for secret in secrets)
    )


async def test_every_kind_has_a_secret_that_could_be_found(stage: Stage) -> None:
    assert len(stage.secrets) == len(KINDS) >= 9
    for name, secrets in stage.secrets.items():
        assert secrets, name
        assert all(len(secret) >= 12 for secret in secrets), name


async def test_a_viewer_reads_no_secret_anywhere(stage: Stage) -> None:
    assert leaks(stage, await told(stage, await stage.muster.token_of("vera"))) == []


async def test_an_administrator_reads_no_secret_of_anybody(stage: Stage) -> None:
    places = await told(stage, stage.muster.token)
    # Bodies as they were sent, and addresses of contacts in full, are for those who manage them.
    assert leaks(stage, places, ("sender's credentials", "contact's address and secret")) == []
    stored = {"whsec_Q29udGFjdC1zZWNyZXQtNTUyMS1hYmNkZWZnaGlqa2w=", "U2VuZGVyLUJhc2ljLTQ0MTE=", "Sender-Cookie-4412"}
    assert not [(secret, place) for secret in stored for place, text in places.items() if secret in text]


async def test_the_log_the_doctor_and_the_exports_hold_no_secret(stage: Stage) -> None:
    log = re.sub(r"First run: open \S+", "", stage.muster.log.read_text())
    doctor = json.dumps([await stage.muster.cli("doctor", code=1), await stage.muster.cli("doctor", "--json", code=1)])
    export = (await stage.muster.api("GET", "/api/v1/ledger/export")).text
    csv = (await stage.muster.api("GET", "/ledger.csv")).text
    places = {"log": log, "doctor": doctor, "ledger export": export, "ledger csv": csv}
    assert "SignInFailed" in export
    assert leaks(stage, places) == []
