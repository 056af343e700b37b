"""The whole API against whatever its own description allows, and against those who may not use it: no 5xx, no way in."""

import asyncio
import json
import re
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from tests.running import Running

from muster.base.access import GRANTS, Level
from muster.base.features import installed, routers
from muster.base.web.edge import EdgeRoute

EXAMPLES = 5
PEOPLE = """
{kind: Person, name: vera, email: vera@contoso.example, permission: viewer}
---
{kind: Person, name: ana, email: ana@contoso.example, permission: responder}
---
{kind: Integration, name: prometheus, format: alertmanager, key: the-key-that-is-fuzzed}
---
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
"""
SAMPLE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
async def muster() -> AsyncIterator[Running]:
    """A running Muster with somebody of every kind."""
    async with Running() as running:
        await running.init()
        await running.apply(PEOPLE)
        await running.cli("incident", "report", "The shop is slow")
        yield running


def _routes() -> Iterator[tuple[str, str, EdgeRoute]]:
    for router in routers(installed()):
        for route in router.routes:
            if isinstance(route, EdgeRoute):
                for method in sorted(route.methods - {"HEAD"}):
                    yield method, route.path, route


def _filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", SAMPLE, path)


async def test_nothing_is_open_that_does_not_say_so(muster: Running) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=muster.url, timeout=20) as http:
        for method, path, route in _routes():
            answer = await http.request(method, _filled(path), json={} if method not in ("GET", "DELETE") else None)
            assert answer.status_code < 500, (method, path, answer.text)
            if route.needs.permission is not None and route.api:
                assert answer.status_code == 401, (method, path, answer.status_code)
            elif route.needs.permission is not None:
                # A page sends whoever is not signed in to the door.
                assert answer.status_code in (303, 401), (method, path, answer.status_code)


async def test_a_viewer_may_look_and_nothing_else(muster: Running) -> None:
    token = await muster.token_of("vera")
    headers = {"authorization": f"Bearer {token}"}
    seen = 0
    async with httpx2.AsyncClient(trust_env=False, base_url=muster.url, timeout=20, headers=headers) as http:
        for method, path, route in _routes():
            permission = route.needs.permission
            if permission is None or not route.api or GRANTS[permission].level <= Level.VIEWER:
                continue
            answer = await http.request(method, _filled(path), json={} if method not in ("GET", "DELETE") else None)
            assert answer.status_code == 403, (method, path, answer.status_code, answer.text)
            assert f"needs the level {GRANTS[permission].level.label}; vera has viewer." in answer.text
            seen += 1
    assert seen > 30


async def test_a_token_does_what_its_scopes_say_and_no_more(muster: Running) -> None:
    made = await muster.json("token", "create", "narrow", "--scope", "alert.read", "--expires-in", "1d")
    for method, path, route in _routes():
        if route.api and route.needs.permission is not None and method == "GET":
            answer = await muster.api("GET", _filled(path), token=made["token"])
            allowed = str(route.needs.permission) == "alert.read"
            assert (answer.status_code != 403) == allowed, (path, answer.status_code)


@pytest.mark.parametrize("who", ["nobody", "administrator"])
async def test_what_the_description_allows_never_breaks_it(muster: Running, who: str) -> None:
    token = {"nobody": "", "administrator": muster.token}[who]
    document = (await muster.api("GET", "/api/v1/openapi.json")).json()
    with ThreadPoolExecutor(1) as thread:
        broken = await asyncio.get_running_loop().run_in_executor(thread, _fuzz, document, muster.url, token)
    assert broken == []
    log = muster.log.read_text()
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4000]


def _fuzz(document: dict[str, Any], url: str, token: str) -> list[str]:
    """Requests made from the description of every operation; returns what was answered with 5xx."""
    schema = schemathesis.openapi.from_dict(document)
    broken: list[str] = []
    headers = {"authorization": f"Bearer {token}"} if token else {}
    with httpx2.Client(trust_env=False, base_url=url, timeout=30, headers=headers) as http:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            broken += _try(found.ok(), http)
    return broken


def _try(operation: Any, http: httpx2.Client) -> list[str]:
    broken: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sent = case.as_transport_kwargs(base_url=str(http.base_url))
        body = sent.get("data")
        content = json.dumps(sent["json"]).encode() if "json" in sent else body
        headers = {name: value for name, value in (sent.get("headers") or {}).items() if name.lower() != "user-agent"}
        try:
            answer = http.request(
                sent["method"],
                sent["url"],
                params=sent.get("params"),
                content=content if isinstance(content, bytes | str) else None,
                headers={**headers, **({"content-type": "application/json"} if "json" in sent else {})},
            )
        except (UnicodeEncodeError, httpx2.InvalidURL, httpx2.LocalProtocolError):
            return
        if answer.status_code >= 500:
            broken.append(f"{sent['method']} {sent['url']} {content!r}: {answer.status_code} {answer.text[:300]}")

    ask()
    return broken
