"""Moving to a real Muster from each tool: tried, done, done again, and what is on call afterwards."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx2
from tests.running import Running

EXISTING = """
{kind: Person, name: rosa, full_name: Rosa Resp, email: rosa@contoso.example, permission: responder}
---
{kind: Person, name: user1, full_name: Una Eins, email: user1@example.com, permission: manager, time_zone: Europe/Lisbon}
---
kind: Plan
name: main
# Ask Rosa before you change this.
routes:
  - {if: 'true', to: everyone}
escalation:
  everyone:
    - {notify: ["person:rosa"], wait: 5m}
"""
SOURCES = ("opsgenie", "pagerduty", "grafana-oncall")


def outcomes(report: dict[str, Any]) -> set[str]:
    """What became of the manifests."""
    return {each["outcome"] for each in report["applied"]}


async def everything(muster: Running) -> str:
    """What the organisation looks like, as far as an import may touch it."""
    said = []
    for path in ("persons", "teams", "schedules", "workloads", "integrations", "plans/main"):
        answer = await muster.api("GET", f"/api/v1/{path}?limit=200")
        assert answer.status_code == 200, answer.text
        assert not answer.json().get("next")
        said.append(answer.text)
    return "".join(said)


async def test_every_export_of_the_samples_is_imported_and_again_changes_nothing(samples: Path) -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply(EXISTING)
        for source in SOURCES:
            folder = str(samples / source)
            before = await everything(muster)
            tried = await muster.json("import", source, folder, "--dry-run")
            assert await everything(muster) == before
            done = await muster.json("import", source, folder)
            assert [each["name"] for each in done["applied"]] == [each["name"] for each in tried["applied"]]
            assert done["objects"] == tried["objects"]
            assert "created" in outcomes(done)
            after = await everything(muster)
            again = await muster.json("import", source, folder)
            assert outcomes(again) == {"unchanged"}
            assert await everything(muster) == after

        schedules = {each["name"] for each in await muster.json("schedule", "list")}
        assert {"data-science-team_schedule", "data-science-team_schedule-2", "acme-default"} <= schedules
        spans = (await muster.json("schedule", "coverage", "acme-default"))["spans"]
        assert {tuple(each["people"]) for each in spans} == {(), ("opsgenie-test",), ("opsgenie-test-2",)}
        una = await muster.json("person", "show", "user1")
        assert (una["full_name"], una["permission"], una["time_zone"]) == ("Una Eins", "manager", "Europe/Lisbon")
        text = await muster.cli("plan", "show", "--yaml")
        assert "# Ask Rosa before you change this." in text
        assert "pagerduty-another-escalation-policy:" in text
        kinds = [each["kind"] for each in await muster.json("ledger", "list", "--kind", "ImportApplied")]
        assert kinds == ["ImportApplied"] * 6
        assert "mReAoNwDm0eMwKo1mTeTwYo" not in muster.log.read_text()


async def test_an_import_is_refused_whole_and_to_those_who_may_not(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(
        json.dumps({"users": [{"id": "U1", "type": "user", "name": "A", "email": "a@b.example"}]})
    )
    async with Running() as muster:
        await muster.init()
        await muster.apply(EXISTING)
        rosa = await muster.token_of("rosa")
        denied = await muster.cli("import", "pagerduty", str(tmp_path), code=1, token=rosa)
        assert "administrator" in denied
        (tmp_path / "broken.json").write_text("{")
        refused = await muster.cli("import", "pagerduty", str(tmp_path), code=1)
        assert "broken.json" in refused
        answer = await muster.api("POST", "/api/v1/imports/nagios", {"files": {"a.json": "{}"}})
        assert answer.status_code == 404
        answer = await muster.api("POST", "/api/v1/imports/pagerduty", {"files": {}})
        assert answer.status_code == 422
        assert [each["name"] for each in await muster.json("person", "list")] == ["admin", "rosa", "user1"]

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as made:
            made.write(tmp_path / "users.json", "export/users.json")
        async with httpx2.AsyncClient(
            trust_env=False, timeout=30, headers={"authorization": f"Bearer {muster.token}"}
        ) as http:
            url = f"{muster.url}/api/v1/imports/pagerduty?dry_run=true"
            answer = await http.post(url, files={"file": ("export.zip", packed.getvalue())})
        assert answer.status_code == 200, answer.text
        assert [(each["name"], each["outcome"]) for each in answer.json()["applied"]] == [("a", "created")]
        assert [each["name"] for each in await muster.json("person", "list")] == ["admin", "rosa", "user1"]


async def test_the_manifests_can_be_written_for_review_and_applied(tmp_path: Path) -> None:
    export = {
        "users": [
            {"id": "UA", "type": "user", "name": "Ana", "email": "ana@contoso.example", "time_zone": "Europe/Lisbon"}
        ],
        "schedules": [
            {
                "id": "SA",
                "type": "schedule",
                "name": "Primary",
                "time_zone": "Europe/Lisbon",
                "schedule_layers": [
                    {
                        "name": "Week",
                        "start": "2026-01-05T09:00:00+00:00",
                        "rotation_virtual_start": "2026-01-05T09:00:00+00:00",
                        "rotation_turn_length_seconds": 604800,
                        "users": [{"user": {"id": "UA"}}],
                        "restrictions": [],
                    }
                ],
                "overrides": [
                    {"id": "OA", "start": "2050-01-01T00:00:00Z", "end": "2050-01-02T00:00:00Z", "user": {"id": "UA"}}
                ],
            }
        ],
    }
    (tmp_path / "export.json").write_text(json.dumps(export))
    out = tmp_path / "review.yaml"
    async with Running() as muster:
        await muster.init()
        said = await muster.cli("import", "pagerduty", str(tmp_path / "export.json"), "--out", str(out))
        assert "nothing was changed" in said
        assert "muster override add primary ana" in out.read_text()
        assert await muster.json("schedule", "list") == []
        await muster.cli("apply", "-f", str(out))
        assert (await muster.json("oncall"))[0]["people"] == ["ana"]
        done = await muster.json("import", "pagerduty", str(tmp_path / "export.json"))
        assert [(each["kind"], each["outcome"]) for each in done["applied"]] == [
            ("Person", "unchanged"),
            ("Schedule", "unchanged"),
            ("Override", "created"),
        ]
        again = await muster.json("import", "pagerduty", str(tmp_path / "export.json"))
        assert outcomes(again) == {"unchanged"}
        explained = await muster.cli("schedule", "explain", "primary", "--at", "2050-01-01T12:00")
        assert "Imported override OA" in explained


def hours(count: int) -> list[dict[str, Any]]:
    """Restrictions of an hour each, all different."""
    return [
        {
            "type": "weekly_restriction",
            "start_day_of_week": number % 7 + 1,
            "start_time_of_day": f"{number // 7 * 2:02}:{number:02}:00",
            "duration_seconds": 3600,
        }
        for number in range(count)
    ]


async def test_what_muster_refuses_is_told_and_the_rest_comes_over(tmp_path: Path) -> None:
    def schedule(id: str, **more: Any) -> dict[str, Any]:
        layer = {"id": id, "name": "Week", "start": "2026-01-05T09:00:00+00:00", "rotation_turn_length_seconds": 604800}
        layer |= {"users": [{"user": {"id": "UA"}}], "restrictions": [], **more}
        return {"id": id, "type": "schedule", "name": id, "time_zone": "UTC", "schedule_layers": [layer]}

    def policy(id: str, schedule: str) -> dict[str, Any]:
        rule = {"escalation_delay_in_minutes": 5, "targets": [{"id": schedule, "type": "schedule_reference"}]}
        return {"id": id, "type": "escalation_policy", "name": id, "escalation_rules": [rule]}

    export = {
        "users": [{"id": "UA", "type": "user", "name": "Ana", "email": "ana@contoso.example"}],
        "schedules": [schedule("Fine"), schedule("Much", restrictions=hours(60))],
        "escalation_policies": [policy("Good", "Fine"), policy("Bad", "Much")],
    }
    (tmp_path / "export.json").write_text(json.dumps(export))
    async with Running() as muster:
        await muster.init()
        tried = await muster.json("import", "pagerduty", str(tmp_path), "--dry-run")
        done = await muster.json("import", "pagerduty", str(tmp_path))
        assert done["objects"] == tried["objects"]
        assert [schedule["name"] for schedule in await muster.json("schedule", "list")] == ["fine"]
        outcome = {row["title"]: (row["outcome"], " ".join(row["losses"])) for row in done["objects"]}
        assert outcome["Much"][0] == outcome["Bad"][0] == "not_mapped"
        assert "Schedule much is left out" in outcome["Much"][1]
        assert outcome["Fine"] == outcome["Good"] == ("mapped", "")
        text = await muster.cli("plan", "show", "--yaml")
        assert "pagerduty-good" in text
        assert "pagerduty-bad" not in text


async def test_a_shift_that_no_layer_says_is_on_call_by_its_calendar(tmp_path: Path) -> None:
    shift = {
        "id": "S", "name": "Every fourth hour", "type": "rolling_users", "time_zone": "Europe/Berlin", "level": 0,
        "start": "2026-01-01T00:00:00", "rotation_start": "2026-01-01T00:00:00", "duration": 14400, "frequency": "hourly",
        "interval": 8, "week_start": "MO", "rolling_users": [["UA"], ["UB"]],
    }  # fmt: skip
    users = [{"id": f"U{name}", "email": f"{name.lower()}@contoso.example", "username": name} for name in "AB"]
    schedule = {"id": "W", "name": "Web", "type": "web", "time_zone": "Europe/Berlin", "shifts": ["S"]}
    for name, data in (("users", users), ("schedules", [schedule]), ("on_call_shifts", [shift])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"results": data}))
    async with Running() as muster:
        await muster.init()
        done = await muster.json("import", "grafana-oncall", str(tmp_path))
        (check,) = done["checks"]
        assert (check["compared"], check["agrees"]) == (True, True)
        assert check["vendor_hours"] == check["muster_hours"] > 4000
        assert {row["kind"] for row in done["applied"]} == {"Person", "Calendar", "Schedule"}
        spans = (await muster.json("schedule", "coverage", "web"))["spans"]
        assert {tuple(span["people"]) for span in spans} == {(), ("a",), ("b",)}
        assert {
            row["outcome"] for row in (await muster.json("import", "grafana-oncall", str(tmp_path)))["applied"]
        } == {"unchanged"}
        said = await muster.cli("import", "grafana-oncall", str(tmp_path), "--dry-run")
        assert "Coverage of Web, the same: From " in said
