"""The worked example `docs/extend/add-a-feature.md`, applied to a copy and driven."""

from pathlib import Path

import pytest

from tests.extend.worked_example import apply_example, check, copied, environment
from tests.running import Running

HOUSE = ("features", "order", "purity", "edges", "events", "happenings", "templates", "units", "dead_code")
PLAN = """
kind: Plan
name: main
severities: {low: {acknowledge_within: 1d}}
severity_rules: [{if: 'true', then: low}]
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:admin"], wait: 5m}]}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with the example's feature."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    places = apply_example("add-a-feature.md", folder)
    assert "src/muster/runbooks/feature.py" in places
    return folder


def test_the_copy_keeps_the_rules_of_the_house(copy: Path) -> None:
    assert check(copy, *(f"tests/architecture/test_{rule}.py" for rule in HOUSE)) == ""


async def test_the_feature_works(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", environment(copy)["PYTHONPATH"])
    async with Running(cold=True) as muster:
        await muster.init()
        await muster.cli("team", "create", "web", "--title", "Web")
        url = "https://wiki.example/disk-full"
        await muster.cli("runbook", "add", "disk-full", url, "--team", "web")
        (runbook,) = await muster.json("runbook", "list")
        assert (runbook["name"], runbook["url"], runbook["team"]) == ("disk-full", url, "web")
        refused = await muster.api("POST", "/api/v1/runbooks", {"name": "Disk", "url": "wiki", "team": "nobody"})
        assert [fault["field"] for fault in refused.json()["faults"]] == ["name", "url", "team"]
        assert "It keeps the runbook disk-full." in await muster.cli("team", "delete", "web", code=1)
        await muster.apply(PLAN)
        ref = (await muster.json("incident", "report", "Disk full", "--severity", "low"))["ref"]
        page = (await muster.api("GET", f"/incidents/{ref}")).text
        assert f'<li><a href="{url}">disk-full</a></li>' in page
        entries = (await muster.api("GET", "/api/v1/ledger?stream=runbooks")).json()["items"]
        assert [entry["kind"] for entry in entries] == ["RunbookAdded"]
