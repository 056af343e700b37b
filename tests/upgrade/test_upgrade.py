"""Muster 0.1 is upgraded: its database migrates, says what it said, and goes on paging where it stood."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.architecture.house import ROOT
from tests.running import PASSWORD, Running, csrf
from tests.upgrade.answers import lost
from tests.upgrade.comparison import broken
from tests.upgrade.record import FOLDER, read_shapes
from tests.upgrade.recording.answers import OF_BO
from tests.upgrade.recording.signals import harbour_reading
from tests.upgrade.restored import URL, answers_of, restored, text_of, until
from tests.upgrade.shape import schema_shape

ALERTS = re.compile(r"/incidents/[^/]+/alerts")
SCHEMA = "/plan-schema.json"
KEY = "muster-0-1-prometheus-key-0123456789"
NOT_COMPARED: Mapping[str, str] = {
    "/chains": "it lists what is wrong, and nothing was",
    "/channels/check": "it asks other people's services",
    "/ledger/export": "the ledger is proven by its seals",
    "/paging/health": "it tells of the last minutes",
}
CHANGED: Mapping[str, str] = {
    r"/(incidents|pages)/.*explanation\.chain\[\]\.about": "Explanations say which decision each reason led to",
    r"/signals.*\.headers\..*": "Muster no longer stores the credentials of senders",
}
"""Places of answers that changed on purpose, and the words of the changelog that say so."""
CLEARER: Mapping[str, str] = {
    r"/plans/main/diff\[\].*": "what is kept is named by its place in the text: `impact.trust`, not `kept.impact.trust`",
    r"/plans/main.*\.prose\[\]\.tables\[\]\.(title|head\[\])": "authority is over actions, not deeds",
}
"""Places of answers that only people read, and that say the same better."""
MOVING: Mapping[str, str] = {
    r"/integrations(\.items\[\]|/prometheus)\.(received|last_signal_at)": "the alert out of the spool has come in",
    r"/noise\.(episodes|paged)": "the same",
    r"/schedules/.*\.findings\[\]\.(start|end)": "what is ahead begins now",
}
"""Places of answers that are different whenever they are looked at, and why."""
PASSED = {**CHANGED, **CLEARER, **MOVING}


@dataclass(frozen=True)
class Upgrade:
    """Today's Muster on the data of 0.1; what it answered first, and what 0.1 answered last."""

    muster: Running
    before: dict[str, Any]
    now: dict[str, Any]
    credentials: dict[str, str]


@pytest.fixture(scope="module")
async def upgrade() -> AsyncIterator[Upgrade]:
    """One start for all tests of this file."""
    async with restored() as muster:
        before = json.loads(text_of("answers.json.gz"))
        credentials = json.loads(text_of("credentials.json"))
        now = await answers_of(muster, before.keys() - OF_BO)
        now |= await answers_of(muster, OF_BO, credentials["token bo"])
        yield Upgrade(muster, before, now, credentials)


async def test_it_migrates_becomes_ready_and_pages_for_real(upgrade: Upgrade) -> None:
    assert (await upgrade.muster.api("GET", "/readyz")).json() == {"ready": True}
    assert "migrated" in upgrade.muster.log.read_text()


def _different(upgrade: Upgrade, passed: Mapping[str, str]) -> list[str]:
    """Where answers are not those of 0.1; alerts of an incident are a page of items now, as the changelog says."""
    sentences = []
    for path, before in upgrade.before.items():
        now = upgrade.now[path]["items"] if ALERTS.fullmatch(path) else upgrade.now[path]
        if path != SCHEMA:
            sentences += lost(before, now, passed, path.partition("?")[0])
    return sentences


def test_it_says_what_0_1_said(upgrade: Upgrade) -> None:
    assert _different(upgrade, PASSED) == []


def test_every_route_that_answers_is_compared(upgrade: Upgrade) -> None:
    routes = [name.split()[1].removeprefix("/api/v1") for name in read_shapes("api.txt") if name.startswith("GET ")]
    patterns = {route: re.sub(r"\\\{[^}]+\}", "[^/]+", re.escape(route)) for route in routes}
    compared = {
        route
        for route, pattern in patterns.items()
        for path, answer in upgrade.before.items()
        if re.fullmatch(pattern, path.partition("?")[0]) and answer not in ([], {"items": [], "next": None})
    }
    assert set(routes) - compared == NOT_COMPARED.keys()


def test_plans_may_say_what_they_could(upgrade: Upgrade) -> None:
    before, now = ({SCHEMA: schema_shape(answers[SCHEMA])} for answers in (upgrade.before, upgrade.now))
    assert len(before[SCHEMA]) > 100
    assert broken(before, now) == []


def test_what_changed_on_purpose_is_in_the_changelog(upgrade: Upgrade) -> None:
    changelog = re.sub(r"\s+", " ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert [words for words in CHANGED.values() if words not in changelog] == []
    for place in (*CHANGED, *CLEARER):
        assert _different(upgrade, {name: why for name, why in PASSED.items() if name != place}) != []


async def test_the_ledger_is_whole_and_holds_what_0_1_sealed(upgrade: Upgrade, tmp_path: Path) -> None:
    earlier, later = tmp_path / "earlier.jsonl", tmp_path / "later.jsonl"
    earlier.write_text(text_of("ledger.jsonl.gz"), encoding="utf-8")
    key = upgrade.before["/ledger/key"]["public_key"]
    trusted = ("--kept", str(earlier), "--public-key", key)
    assert "Sound: everything is as it was recorded." in await upgrade.muster.cli("ledger", "verify", *trusted)
    await upgrade.muster.cli("ledger", "export", str(later))
    for file in (earlier, later):
        verdict = await upgrade.muster.json("ledger", "verify", "--export", str(file), *trusted)
        assert verdict["sound"], verdict
    entries = {(line["stream"], line["position"]): line["hash"] for line in _entries(later)}
    assert {(line["stream"], line["position"]): line["hash"] for line in _entries(earlier)}.items() <= entries.items()


def _entries(export: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in export.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if "position" in line]


async def test_the_doctor_finds_nothing_wrong(upgrade: Upgrade) -> None:
    findings = await upgrade.muster.json("doctor")
    assert [finding for finding in findings if not finding["ok"]] == []
    assert "All open password, first-run and one-tap links were revoked." in str(findings)


async def test_its_manifests_applied_again_change_nothing(upgrade: Upgrade) -> None:
    applied = (await upgrade.muster.json("apply", "-f", str(FOLDER / "organisation.yaml")))["applied"]
    assert len(applied) == 24
    assert {row["outcome"] for row in applied} == {"unchanged"}


async def test_tokens_passwords_and_feeds_of_0_1_are_taken(upgrade: Upgrade) -> None:
    muster, credentials = upgrade.muster, upgrade.credentials
    for token, status in (("dashboard", 200), ("old", 401)):
        answer = await muster.api("GET", "/api/v1/incidents/INC-1", token=credentials[f"token {token}"])
        assert answer.status_code == status, answer.text
    refused = await muster.api("GET", "/api/v1/persons", token=credentials["token dashboard"])
    assert refused.status_code == 403
    async with httpx2.AsyncClient(trust_env=False, base_url=muster.url) as browser:
        assert "BEGIN:VEVENT" in (await browser.get(credentials["feed"])).text
        form = {"csrf": csrf((await browser.get("/sign-in")).text), "who": "bo", "password": PASSWORD}
        signed_in = await browser.post("/sign-in", data=form, headers={"origin": URL})
        assert signed_in.status_code == 303, signed_in.text
        assert "INC-5" in (await browser.get("/incidents")).text


async def test_figures_keep_their_names(upgrade: Upgrade) -> None:
    text = (await upgrade.muster.api("GET", "/metrics")).text
    assert [name for name in text_of("metrics.txt").splitlines() if f"# TYPE {name} " not in text] == []


async def test_a_request_in_the_spool_of_0_1_opens_an_incident(upgrade: Upgrade) -> None:
    assert await _paged(upgrade.muster, "Kept while away") == {"bo": "delivered"}


async def test_an_incident_under_a_plan_of_free_sections_goes_all_its_way(upgrade: Upgrade) -> None:
    assert upgrade.before["/incidents/INC-1"]["plan_version"] == 2
    bo, admin = upgrade.credentials["token bo"], upgrade.muster.token
    # Whoever closes it may not be whoever resolved it, that plan says.
    for act, token in (("acknowledge", bo), ("mitigate", bo), ("resolve", bo), ("close", admin)):
        answer = await upgrade.muster.api("POST", f"/api/v1/incidents/INC-1/{act}", {}, token=token)
        assert answer.is_success, answer.text
    assert answer.json()["state"] == "closed"


async def test_a_page_that_0_1_began_goes_on(upgrade: Upgrade) -> None:
    before = {delivery["id"] for delivery in await _deliveries(upgrade.muster, "INC-10")}
    await upgrade.muster.cli("incident", "escalate", "INC-10")

    async def more() -> set[str]:
        rows = [row for row in await _deliveries(upgrade.muster, "INC-10") if row["id"] not in before]
        return {row["person"] for row in rows if row["state"] == "delivered"}

    assert await until(more, "the next step")


async def test_a_new_alert_opens_an_incident_and_pages(upgrade: Upgrade) -> None:
    alert = {"labels": {"alertname": "New", "component": "ledger"}, "annotations": {"summary": "The ledger is slow"}}
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{upgrade.muster.url}/i/{KEY}/api/v2/alerts", json=[alert])
    assert answer.status_code == 200
    assert await _paged(upgrade.muster, "The ledger is slow") == {"chen": "delivered", "dana": "delivered"}


async def test_a_mapping_of_0_1_reads_what_it_read(upgrade: Upgrade) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        reading = harbour_reading("crane", "9 t")
        answer = await http.post(f"{upgrade.muster.url}/i/muster-0-1-harbour-key-0123456789", json=reading)
    assert answer.is_success

    async def both() -> list[dict[str, Any]]:
        alerts = (await upgrade.muster.api("GET", "/api/v1/alerts?integration=harbour")).json()["items"]
        return alerts if len(alerts) == 2 else []

    alerts = {alert["key"]: alert for alert in await until(both, "the reading of the crane")}
    assert (alerts["crane"]["title"], alerts["sluice"]["title"]) == ("Crane reads 9 t", "Sluice reads 71 cm")
    # Besides what the mapping says, more may be guessed.
    assert alerts["sluice"]["labels"].items() <= alerts["crane"]["labels"].items()
    for field in ("severity_hint", "links", "status", "hold"):
        assert alerts["crane"][field] == alerts["sluice"][field], field


async def _paged(muster: Running, title: str) -> dict[str, str]:
    """Who got a message about the incident of a title, once all of them have arrived somewhere."""

    async def arrived() -> dict[str, str]:
        listed = (await muster.api("GET", "/api/v1/incidents?limit=200")).json()["items"]
        refs = [row["ref"] for row in listed if row["title"] == title]
        rows = await _deliveries(muster, refs[0]) if refs else []
        persons = {row["person"] for row in rows}
        states = {row["person"]: row["state"] for row in rows if row["state"] == "delivered"}
        return states if persons and persons == states.keys() else {}

    states: dict[str, str] = await until(arrived, f"the messages about {title!r}")
    return states


async def _deliveries(muster: Running, ref: str) -> list[dict[str, Any]]:
    pages = (await muster.api("GET", f"/api/v1/incidents/{ref}/pages")).json()
    return [delivery for page in pages for delivery in page["deliveries"]]
