"""The worked example `docs/extend/add-an-action.md`, applied to a copy and driven."""

from pathlib import Path

import pytest

from tests.extend.worked_example import apply_example, check, copied, environment
from tests.running import Running

HOUSE = ("features", "order", "purity", "edges", "events", "actions")
PLAN = """\
kind: Plan
name: main
routes: [{if: 'true', to: web}]
escalation: {web: [{notify: person:admin}]}
authority: {contain: {only: responder, not_same_person_as: reporter}}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with the example's action."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    touched = apply_example("add-an-action.md", folder)
    assert sorted(set(touched)) == [
        "src/muster/response/action.py",
        "src/muster/response/actions/contain.py",
        "src/muster/response/events.py",
    ]
    return folder


def test_the_copy_keeps_the_rules_of_the_house(copy: Path) -> None:
    assert check(copy, *(f"tests/architecture/test_{rule}.py" for rule in HOUSE)) == ""


async def test_the_action_works(copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", environment(copy)["PYTHONPATH"])
    plan = tmp_path / "plan.yaml"
    async with Running(cold=True) as muster:
        await muster.init()
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
