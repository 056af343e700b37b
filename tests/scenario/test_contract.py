"""What tools outside the project rely on: the smallest organisation as it stands, tokens made on the machine, refusals.

Where the folder of contracts lies beside the checkout, the copy in `tests/fixtures/contract` must be the same.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.conftest import SAMPLES
from tests.doubles.http_sink import HttpSink
from tests.running import Running

ORGANISATION = Path(__file__).parents[1] / "fixtures" / "contract" / "small-org.yaml"
KEY = "small-org-prometheus-key-0123456789"
ADDRESS = "http://127.0.0.1:9999"
"""Where the contract has people's phones; tests put theirs in its place."""


@pytest.fixture(scope="module")
async def phone() -> AsyncIterator[HttpSink]:
    """Ana's and Bo's phones."""
    async with HttpSink() as phone:
        yield phone


@pytest.fixture(scope="module")
async def muster(phone: HttpSink) -> AsyncIterator[Running]:
    """A Muster with the smallest organisation."""
    async with Running() as muster:
        await muster.init()
        first = json.loads(await muster.cli("apply", "-f", str(ORGANISATION), "--json"))
        again = json.loads(await muster.cli("apply", "-f", str(ORGANISATION), "--json"))
        assert [row["outcome"] for row in first["applied"]] == ["created"] * 7
        assert [row["outcome"] for row in again["applied"]] == ["unchanged"] * 7
        await muster.apply(ORGANISATION.read_text(encoding="utf-8").replace(ADDRESS, phone.url))
        yield muster


async def _token(muster: Running, person: str, name: str = "tools") -> str:
    words = ("token", "create", name, "--person", person, "--scope", "*", "--local")
    return str((await muster.json(*words, token=""))["token"])


async def _refusal(muster: Running, *words: str, token: str | None = None) -> Any:
    """The problem document of a command that is refused."""
    return json.loads(await muster.cli(*words, "--json", code=1, complaints=True, token=token))


def test_the_copy_is_the_contract() -> None:
    original = SAMPLES.parent / "contract" / "small-org.yaml"
    if not original.exists():
        pytest.skip(f"the folder of contracts is not at {original.parent}")
    assert ORGANISATION.read_text(encoding="utf-8") == original.read_text(encoding="utf-8")


async def test_a_critical_alert_pages_whoever_is_on_call_and_closes_with_an_attestation(
    muster: Running, phone: HttpSink
) -> None:
    labels = {"alertname": "Down", "service": "web", "severity": "critical"}
    url = f"{muster.url}/i/{KEY}/api/v2/alerts"
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert (await http.post(url, json=[{"labels": labels}])).status_code == 200
        (page,) = (await phone.wait(1))[:1]
        assert page.path == "/ana"
        shown = await muster.json("incident", "show", "INC-1")
        assert (shown["severity"], shown["state"], shown["workload"]) == ("critical", "triggered", "shop")
        ana, bo = await _token(muster, "ana"), await _token(muster, "bo")
        for act in ("acknowledge", "mitigate"):
            await muster.cli("incident", act, "INC-1", token=ana)
        over = {"labels": labels, "endsAt": "2026-01-05T09:00:00Z", "startsAt": "2026-01-05T08:00:00Z"}
        assert (await http.post(url, json=[over])).status_code == 200
    await muster.cli("incident", "resolve", "INC-1", token=ana)
    refused = await _refusal(muster, "incident", "close", "INC-1", token=bo)
    assert any("Nobody has attested users recovered." in reason for reason in refused["reasons"])
    await muster.cli("incident", "check", "INC-1", "users_recovered", token=bo)
    assert (await muster.json("incident", "close", "INC-1", token=bo))["state"] == "closed"


async def test_a_token_is_made_on_the_machine_for_a_person_and_recorded(muster: Running) -> None:
    token = await _token(muster, "ana", "on the machine")
    assert (await muster.json("whoami", token=token))["person"]["name"] == "ana"
    entries = (await muster.api("GET", "/api/v1/ledger?kind=TokenCreated")).json()["items"]
    newest = next(entry["data"] for entry in entries if entry["data"].get("token") == "on the machine")
    assert newest["locally"] is True


async def test_a_refusal_lists_every_sentence_and_ends_with_1(muster: Running) -> None:
    wrong = "{kind: Person, name: ANA, email: nowhere}\n---\n{kind: Team, name: platform, members: [nobody]}"
    problem = json.loads(await muster.cli("apply", "-f", "-", "--json", given=wrong, code=1))
    assert len(problem["faults"]) >= 3
    for fault in problem["faults"]:
        assert any(fault["rule"] in reason for reason in problem["reasons"])
    unknown = await _refusal(muster, "incident", "severity", "INC-1", "awful", "--reason", "It is.")
    rule = "severity: The plan has no severity `awful`. Known: `critical`, `high`, `medium`, `low`."
    assert unknown["reasons"] == ["There is no such severity.", rule]
    missing = await _refusal(muster, "incident", "show", "INC-99")
    answer = await muster.api("GET", "/api/v1/incidents/INC-99")
    assert answer.json()["reasons"] == missing["reasons"] != []


async def test_a_severity_that_is_set_has_its_reason(muster: Running) -> None:
    await muster.cli("incident", "report", "The shop is slow")
    changed = await muster.json("incident", "severity", "INC-2", "high", "--reason", "Half of all buyers wait.")
    assert (changed["ref"], changed["severity"], changed["severity_reason"]) == (
        "INC-2",
        "high",
        "Half of all buyers wait.",
    )
    assert await muster.json("change", "list") == []
    assert (await muster.json("ledger", "verify"))["sound"]
