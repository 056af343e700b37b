"""The worked example `docs/extend/add-a-plan-section.md`, applied to a copy and driven."""

from pathlib import Path

import pytest

from tests.extend.worked_example import apply_example, check, copied, environment
from tests.running import Running

HOUSE = ("features", "order", "purity", "edges")
PLAN = """\
kind: Plan
name: main
routes: [{if: 'true', to: web}]
escalation: {web: [{notify: team:web}]}
cadence: {every: {critical: 15m}, missed: team:press}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with the example's section."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    assert apply_example("add-a-plan-section.md", folder) == [
        "src/muster/response/cadence.py",
        "src/muster/response/feature.py",
    ]
    return folder


def test_the_copy_keeps_the_rules_of_the_house(copy: Path) -> None:
    assert check(copy, *(f"tests/architecture/test_{rule}.py" for rule in HOUSE)) == ""


async def test_the_section_works(copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", environment(copy)["PYTHONPATH"])
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.replace("critical", "urgent"))
    async with Running(cold=True) as muster:
        await muster.init()
        for team in ("web", "press"):
            await muster.cli("team", "create", team, "--title", team.title(), "--member", "admin")
        refused = await muster.cli("plan", "publish", str(plan), code=1)
        assert "plan.yaml:5" in refused
        assert "There is no severity `urgent`." in refused
        plan.write_text(PLAN)
        await muster.cli("plan", "publish", str(plan))
        shown = await muster.cli("plan", "show")
        assert "At severity critical, an update is due every 15 minutes." in shown
        assert "A missed update goes to everybody in the team press." in shown
        needed = await muster.cli("team", "delete", "press", code=1)
        assert "`cadence.missed`" in needed
        schema = (await muster.api("GET", "/api/v1/plan-schema.json")).json()
        assert "every" in schema["properties"]["cadence"]["properties"]
