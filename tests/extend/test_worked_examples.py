"""The worked examples of `docs/extend/`, all applied to one copy of the source, checked by the rules of the house and driven."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.http_sink import HttpSink, Reply
from tests.extend.worked_example import apply_example, check, copied, environment
from tests.running import Running

HOUSE = (
    "actions", "channels", "dead_code", "edges", "events", "features", "happenings", "order", "purity", "templates", "units",
)  # fmt: skip
TOUCHED = {
    "add-an-action.md": {
        "src/muster/response/action.py",
        "src/muster/response/actions/contain.py",
        "src/muster/response/events.py",
    },
    "add-a-plan-section.md": {"src/muster/response/cadence.py", "src/muster/response/feature.py"},
    "add-a-channel.md": {"src/muster/channels/folders.py", "tests/integration/outgoing/test_gotify.py"},
}
"""What an example touches outside of a folder of its own."""
PLAN = """\
kind: Plan
name: main
routes: [{if: 'true', to: web}]
escalation: {web: [{notify: person:admin}]}
authority: {contain: {only: responder, not_same_person_as: reporter}}
"""
CADENCE = """\
kind: Plan
name: main
routes: [{if: 'true', to: web}]
escalation: {web: [{notify: team:web}]}
cadence: {every: {critical: 15m}, missed: team:press}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with all examples."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    for page in ("add-an-action.md", "add-a-plan-section.md", "add-a-channel.md", "add-a-feature.md"):
        places = set(apply_example(page, folder))
        if page in TOUCHED:
            assert {place for place in places if "/gotify/" not in place} == TOUCHED[page]
    return folder


@pytest.fixture(scope="module")
async def gotify() -> AsyncIterator[HttpSink]:
    """What the sample channel sends to."""
    async with HttpSink(Reply(body=b'{"id": 7}')) as sink:
        yield sink


@pytest.fixture(scope="module")
async def muster(copy: Path, gotify: HttpSink) -> AsyncIterator[Running]:
    """The copy, running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", environment(copy)["PYTHONPATH"])
        async with Running(cold=True, gotify_url=gotify.url) as running:
            await running.init()
            yield running


def test_the_copy_keeps_the_rules_of_the_house(copy: Path) -> None:
    outgoing = ("tests/integration/outgoing/test_gotify.py", "tests/integration/outgoing/test_channels.py")
    assert check(copy, *outgoing, *(f"tests/architecture/test_{rule}.py" for rule in HOUSE)) == ""


async def test_the_action_works(muster: Running, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.replace("authority", "# authority"))
    await muster.cli("plan", "publish", str(plan))
    await muster.cli("incident", "report", "The shop answers 500")
    path = "/api/v1/incidents/INC-1"
    missing = await muster.api("POST", f"{path}/contain", {})
    assert missing.status_code == 422
    done = await muster.api("POST", f"{path}/contain", {"note": "Sealed off."})
    assert done.status_code == 200, done.text
    line = (await muster.json("incident", "timeline", "INC-1"))[-1]
    assert (line["what"], line["reasons"]) == ("Contained it.", ["Sealed off."])
    await muster.cli("incident", "contain", "INC-1", "--note", "Again.")
    allowed = (await muster.api("GET", f"{path}/obligations")).json()["permissions"]
    assert {"verb": "contain", "allowed": True, "reasons": []} in allowed
    plan.write_text(PLAN.replace("contain:", "contian:"))
    refused = await muster.cli("plan", "publish", str(plan), code=1)
    assert "`contian` is not an action that authority knows. Did you mean `contain`?" in refused
    plan.write_text(PLAN)
    await muster.cli("plan", "publish", str(plan))
    assert "but not the reporter" in await muster.cli("plan", "show")
    await muster.cli("incident", "report", "The shop answers 500 again")
    refused = await muster.cli("incident", "contain", "INC-2", "--note", "Sealed off.", code=1)
    assert "admin reported it: somebody else must declare it contained." in refused
    schema = (await muster.api("GET", "/api/v1/plan-schema.json")).json()
    assert "contain" in schema["$defs"]["Authority"]["properties"]


async def test_the_plan_section_works(muster: Running, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(CADENCE.replace("critical", "urgent"))
    for team in ("web", "press"):
        await muster.cli("team", "create", team, "--title", team.title(), "--member", "admin")
    refused = await muster.cli("plan", "publish", str(plan), code=1)
    assert "plan.yaml:5" in refused
    assert "There is no severity `urgent`." in refused
    plan.write_text(CADENCE)
    await muster.cli("plan", "publish", str(plan))
    shown = await muster.cli("plan", "show")
    assert "At severity critical, an update is due every 15 minutes." in shown
    assert "A missed update goes to everybody in the team press." in shown
    needed = await muster.cli("team", "delete", "press", code=1)
    assert "`cadence.missed`" in needed
    schema = (await muster.api("GET", "/api/v1/plan-schema.json")).json()
    assert "every" in schema["properties"]["cadence"]["properties"]


async def test_a_page_leaves_by_the_channel(muster: Running, gotify: HttpSink) -> None:
    form = (await muster.api("GET", "/me")).text
    assert "Application token" in form
    guide = (await muster.api("GET", "/settings/channels")).text
    assert f"Ready: pages leave by {gotify.url}." in guide
    contact = ("person", "contact", "add", "admin", "gotify", "muster", "--secret", "AxYz", "--verified")
    await muster.cli(*contact)
    await muster.cli("page", "test", "admin")
    [request] = gotify.requests
    assert (request.path, request.headers["x-gotify-key"]) == ("/message", "AxYz")
    findings = json.loads(await muster.cli("doctor", "--json"))
    assert [finding["sentence"] for finding in findings if finding["name"] == "Gotify"] == ["Gotify is healthy."]


async def test_the_feature_works(muster: Running) -> None:
    await muster.cli("team", "create", "storage", "--title", "Storage")
    url = "https://wiki.example/disk-full"
    await muster.cli("runbook", "add", "disk-full", url, "--team", "storage")
    (runbook,) = await muster.json("runbook", "list")
    assert (runbook["name"], runbook["url"], runbook["team"]) == ("disk-full", url, "storage")
    refused = await muster.api("POST", "/api/v1/runbooks", {"name": "Disk", "url": "wiki", "team": "nobody"})
    assert [fault["field"] for fault in refused.json()["faults"]] == ["name", "url", "team"]
    assert "It keeps the runbook disk-full." in await muster.cli("team", "delete", "storage", code=1)
    ref = (await muster.json("incident", "report", "Disk full"))["ref"]
    page = (await muster.api("GET", f"/incidents/{ref}")).text
    assert f'<li><a href="{url}">disk-full</a></li>' in page
    entries = (await muster.api("GET", "/api/v1/ledger?stream=runbooks")).json()["items"]
    assert [entry["kind"] for entry in entries] == ["RunbookAdded"]
