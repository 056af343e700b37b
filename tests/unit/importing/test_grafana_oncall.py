"""What Grafana OnCall means, as Muster says it: shifts on weekdays, levels, chains of steps."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.unit.importing.exports import NOW, imported
from tests.unit.importing.test_expected_coverage import muster_says, schedules_in

from muster.importing.import_draft import ImportDraft
from muster.kit.yamldoc import read_documents

USERS = {
    "results": [
        {
            "id": f"U{name.upper()}",
            "email": f"{name}@contoso.example",
            "username": name,
            "role": "user",
            "timezone": "UTC",
        }
        for name in ("ana", "bo", "cy")
    ]
}


def shift(id: str, **more: Any) -> dict[str, Any]:
    """A shift of weeks from a Monday at 09:00, ana and bo in turn."""
    usual = {
        "id": id, "name": id, "type": "rolling_users", "time_zone": None, "level": 0, "start": "2026-06-01T09:00:00",
        "duration": 604800, "frequency": "weekly", "interval": 1, "week_start": "MO", "rolling_users": [["UANA"], ["UBO"]],
    }  # fmt: skip
    return {**usual, **more}


def brought(*shifts: dict[str, Any], now: datetime = NOW, **files: Any) -> ImportDraft:
    """The import of a schedule in Berlin with these shifts."""
    schedule = {"id": "SONE", "name": "Primary", "type": "calendar", "time_zone": "Europe/Berlin"}
    documents = {
        "users.json": USERS,
        "schedules.json": {"results": [{**schedule, "shifts": [each["id"] for each in shifts]}]},
        "on_call_shifts.json": {"results": list(shifts)},
        **{f"{name}.json": data for name, data in files.items()},
    }
    return imported("grafana-oncall", documents, now)


def people_at(found: ImportDraft, moment: str) -> set[str]:
    """Who is on call at a moment."""
    at = datetime.fromisoformat(moment)
    return set(muster_says(found, at, at + timedelta(minutes=1))[0][2])


def test_the_final_shifts_of_the_samples_come_out(samples: Path) -> None:
    """Alice and Bob alternate on Monday, Wednesday and Friday, as the answer of final_shifts shows."""
    final = json.loads((samples / "grafana-oncall/api/schedules.export-a-schedule-s-final-shifts.json").read_text())
    users = ["UC2CHRT5SD34X", "U7S8H84ARFTGN"]
    alternating = shift(
        "days", start="2023-01-02T09:00:00", duration=28800, frequency="daily", by_day=["MO", "WE", "FR"], time_zone="UTC",
        rolling_users=[[user] for user in users],
    )  # fmt: skip
    now = datetime(2023, 1, 1, tzinfo=UTC)
    found = brought(alternating, now=now, final_shifts=final)
    check = found.checks[0]
    assert check.against == "what Grafana OnCall has rendered"
    assert (check.start, check.end) == (datetime(2023, 1, 2, 9, tzinfo=UTC), datetime(2023, 1, 27, 17, tzinfo=UTC))
    assert check.differences == ()
    assert len(schedules_in(found)[0].layers) == 3


def test_weekdays_with_a_night_belong_to_the_week_in_which_they_begin() -> None:
    nights = shift(
        "nights", start="2026-06-01T20:00:00", duration=43200, by_day=["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    )
    found = brought(nights)
    # Week 25 after the first is bo's; her Sunday night ends on Monday at 08:00.
    assert people_at(found, "2026-11-29T21:00:00+01:00") == {"bo"}
    assert people_at(found, "2026-11-30T07:59:00+01:00") == {"bo"}
    assert people_at(found, "2026-11-30T08:00:00+01:00") == set()
    assert people_at(found, "2026-11-30T20:00:00+01:00") == {"ana"}


def test_every_other_week_leaves_the_weeks_between_free() -> None:
    found = brought(shift("day", duration=28800, interval=2, by_day=["WE"], start="2026-11-25T09:00:00"))
    turns = [people_at(found, f"2026-{day}T10:00:00+01:00") for day in ("11-25", "12-02", "12-09", "12-16", "12-23")]
    assert turns == [{"ana"}, set(), {"bo"}, set(), {"ana"}]


def test_a_higher_level_hides_a_lower_one_and_one_level_holds_together() -> None:
    both = shift("both", level=1, rolling_users=[["UBO"]])
    found = brought(shift("low", rolling_users=[["UANA"]]), shift("one", level=1, rolling_users=[["UCY"]]), both)
    assert len(schedules_in(found)) == 2
    assert people_at(found, "2026-12-01T12:00:00+01:00") == {"bo", "cy"}
    assert not any(check.differences for check in found.checks)


def test_a_shift_for_once_and_an_override_end() -> None:
    once = shift(
        "once", type="single_event", start="2026-12-24T18:00:00", duration=3600, users=["UCY"], rolling_users=None
    )
    instead = shift(
        "instead", type="override", start="2026-12-01T09:00:00", duration=7200, users=["UCY"], rolling_users=None
    )
    found = brought(shift("week", level=0, rolling_users=[["UANA"]]), {**once, "level": 1}, instead)
    assert people_at(found, "2026-12-24T18:30:00+01:00") == {"cy"}
    assert people_at(found, "2026-12-24T19:00:00+01:00") == {"ana"}
    assert [(each.person, each.start) for each in found.overrides] == [("cy", datetime(2026, 12, 1, 8, tzinfo=UTC))]


def test_what_layers_cannot_say_is_a_calendar_of_shifts() -> None:
    monthly = shift("monthly", frequency="monthly", by_monthday=[1], duration=86400)
    hourly = shift("hourly", frequency="hourly", interval=4, duration=3600, level=1)
    found = brought(monthly, hourly, shift("week", level=2, duration=28800))
    note = next(each for each in found.export.report.notes if each.kind == "schedule")
    assert note.losses == []
    assert [kind for kind in note.to if kind.startswith("Calendar")] == [
        "Calendar primary-monthly",
        "Calendar primary-hourly",
    ]
    assert people_at(found, "2026-12-01T08:30:00+01:00") == set()
    assert people_at(found, "2026-12-01T12:00:00+01:00") == {"ana"}
    assert people_at(found, "2026-12-01T09:30:00+01:00") == people_at(found, "2026-12-01T17:30:00+01:00") != set()
    assert [check.differences for check in found.checks] == [()]


def test_a_chain_becomes_a_policy() -> None:
    def step(position: int, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": f"E{position}", "escalation_chain_id": "F1", "position": position, "type": kind, **more}

    chain = {"results": [{"id": "F1", "name": "Default", "team_id": None}]}
    steps = {
        "results": [
            step(0, "notify_on_call_from_schedule", notify_on_call_from_schedule="SONE", important=True),
            step(1, "notify_persons", persons_to_notify=["UCY"]),
            step(2, "wait", duration=300),
            step(3, "notify_person_next_each_time", persons_to_notify_next_each_time=["UANA", "UBO"]),
            step(4, "trigger_webhook", action_to_trigger="W1"),
            step(5, "wait", duration=60),
            step(6, "repeat_escalation"),
        ]
    }
    integration = {
        "results": [
            {"id": "C1", "name": "Prod AM", "type": "alertmanager", "default_route": {"escalation_chain_id": "F1"}}
        ]
    }
    found = brought(shift("week"), escalation_chains=chain, escalation_policies=steps, integrations=integration)
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    wanted = [
        {"notify": ["schedule:primary", "person:cy"], "wait": "5m"},
        {"notify": ["person:ana", "person:bo"], "mode": "round_robin", "wait": "1m"},
    ]
    assert plan["escalation"] == {"grafana-oncall-default": wanted * 6}
    assert plan["routes"][0] == {"if": 'integration == "prod-am"', "to": "grafana-oncall-default"}
    note = next(each for each in found.export.report.notes if each.kind == "escalation chain")
    assert "Step 5 calls an outgoing webhook; it is left out." in note.losses


def test_terraform_says_the_same_as_the_api(samples: Path) -> None:
    text = (samples / "grafana-oncall/terraform/shift_schedule.tf").read_text()
    people = {
        "results": [
            {"id": "grafana_oncall_user.ikonstantinov", "email": "i@contoso.example", "username": "ikonstantinov"},
            {"id": "grafana_oncall_user.mkukuy", "email": "m@contoso.example", "username": "mkukuy"},
        ]
    }
    from muster.importing.current_state import CurrentState
    from muster.importing.import_draft import compose

    found = compose("grafana-oncall", {"main.tf": text, "a-users.json": json.dumps(people)}, CurrentState(), NOW)
    (one,) = schedules_in(found)
    (only,) = one.layers
    assert only.turns == (("i",), ("m",))
    assert len(only.windows) in (0, 7)
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    assert plan["escalation"] == {"grafana-oncall-default": [{"notify": ["schedule:primary"], "wait": "5m"}]}
