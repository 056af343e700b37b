"""What PagerDuty means, as Muster says it: layers from the top, local times, turns that began long ago, loops."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.importing.exports import NOW, imported, pagerduty_users
from tests.unit.importing.test_expected_coverage import muster_says, schedules_in

from muster.importing.import_draft import ImportDraft
from muster.kit.yamldoc import read_documents

WEEK = 604800


def layer(name: str, *users: str, **more: Any) -> dict[str, Any]:
    """A layer whose turns are weeks from a Monday at 09:00 of New York."""
    usual = {
        "name": name,
        "start": "2026-01-05T09:00:00-05:00",
        "end": None,
        "rotation_virtual_start": "2026-01-05T09:00:00-05:00",
        "rotation_turn_length_seconds": WEEK,
        "restrictions": [],
    }
    return {**usual, "users": [{"user": {"id": id, "type": "user_reference"}} for id in users], **more}


def brought(
    *layers: dict[str, Any], now: datetime = NOW, files: dict[str, Any] | None = None, **more: Any
) -> ImportDraft:
    """The import of a schedule, its layers from the highest."""
    schedule = {"id": "PSCHED", "type": "schedule", "name": "Primary", "time_zone": "America/New_York"}
    document = {"schedule": {**schedule, "schedule_layers": list(layers), **more}}
    users = pagerduty_users("ANA", "BO", "CY")
    return imported("pagerduty", {"schedule.json": document, "users.json": users, **(files or {})}, now)


def people_at(found: ImportDraft, moment: str) -> set[str]:
    """Who is on call at a moment."""
    at = datetime.fromisoformat(moment)
    return set(muster_says(found, at, at + timedelta(minutes=1))[0][2])


def test_the_first_layer_of_the_answer_is_the_highest() -> None:
    hours = [{"type": "daily_restriction", "start_time_of_day": "08:00:00", "duration_seconds": 9 * 3600}]
    found = brought(layer("Days", "BO", restrictions=hours), layer("Always", "ANA"))
    assert [each.name for each in schedules_in(found)[0].layers] == ["always", "days"]
    assert people_at(found, "2026-11-24T07:59:00-05:00") == {"ana"}
    assert people_at(found, "2026-11-24T08:00:00-05:00") == {"bo"}
    assert people_at(found, "2026-11-24T17:00:00-05:00") == {"ana"}


def test_hand_offs_keep_their_local_time_when_clocks_change() -> None:
    found = brought(layer("Week", "ANA", "BO"))
    # In July New York is at -04:00: still 09:00 there.
    assert people_at(found, "2027-07-05T08:59:00-04:00") != people_at(found, "2027-07-05T09:00:00-04:00")


def test_a_layer_that_was_edited_in_the_middle_of_a_turn_keeps_its_rhythm() -> None:
    edited = layer(
        "Fortnight", "ANA", "BO", start="2026-11-20T11:22:33-05:00", rotation_turn_length_seconds=2 * WEEK,
        rotation_virtual_start="2026-01-05T09:00:00-05:00",
    )  # fmt: skip
    found = brought(edited)
    (only,) = schedules_in(found)[0].layers
    assert (only.every, only.start.isoformat()) == (2, "2026-11-09T09:00:00")
    # 22 turns of two weeks after 2026-01-05 begin on 2026-11-09 with ana.
    assert people_at(found, "2026-11-22T12:00:00-05:00") == {"ana"}
    assert people_at(found, "2026-11-23T09:00:00-05:00") == {"bo"}


def test_a_layer_that_is_still_to_begin_does_not_begin_too_soon() -> None:
    coming = layer(
        "Fortnight", "ANA", "BO", start="2026-12-16T09:00:00-05:00", rotation_turn_length_seconds=2 * WEEK,
        rotation_virtual_start="2026-12-07T09:00:00-05:00",
    )  # fmt: skip
    found = brought(coming)
    assert people_at(found, "2026-12-16T08:59:00-05:00") == set()
    assert people_at(found, "2026-12-16T09:00:00-05:00") == {"ana"}
    assert people_at(found, "2026-12-21T09:00:00-05:00") == {"bo"}


def test_a_layer_that_has_ended_is_not_imported_and_that_is_no_loss() -> None:
    found = brought(layer("Old", "BO", end="2026-02-01T00:00:00Z"), layer("Week", "ANA"))
    note = next(each for each in found.export.report.notes if each.kind == "schedule")
    assert note.losses == []
    assert "Old ended on 2026-02-01 00:00 UTC" in note.remarks[0]
    assert [each.name for each in schedules_in(found)[0].layers] == ["week"]


def test_turns_of_ninety_minutes_are_refused_in_words() -> None:
    found = brought(layer("Odd", "ANA", "BO", rotation_turn_length_seconds=5400), layer("Week", "CY"))
    note = next(each for each in found.export.report.notes if each.kind == "schedule")
    assert note.losses == ["Odd is left out: Muster has no turns of 1.50 hours."]


def test_what_pagerduty_rendered_is_compared() -> None:
    def entry(start: str, end: str, user: str) -> dict[str, Any]:
        return {"start": start, "end": end, "user": {"id": user, "type": "user_reference"}}

    right = [
        entry("2026-11-23T09:00:00-05:00", "2026-11-30T09:00:00-05:00", "ANA"),
        entry("2026-11-30T09:00:00-05:00", "2026-12-07T09:00:00-05:00", "BO"),
    ]
    found = brought(layer("Week", "ANA", "BO"), final_schedule={"rendered_schedule_entries": right})
    assert found.checks[0].against == "what PagerDuty has rendered"
    assert found.checks[0].differences == ()
    wrong = [right[0], {**right[1], "user": {"id": "CY"}}]
    found = brought(layer("Week", "ANA", "BO"), final_schedule={"rendered_schedule_entries": wrong})
    assert [(each.vendor, each.muster) for each in found.checks[0].differences] == [({"cy"}, {"bo"})]


def test_overrides_ahead_are_made_and_those_of_the_past_are_not() -> None:
    overrides = {
        "overrides": [
            {"id": "O1", "start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z", "user": {"id": "CY"}},
            {"id": "O0", "start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z", "user": {"id": "CY"}},
        ]
    }
    found = brought(layer("Week", "ANA"), files={"schedules-PSCHED-overrides.json": overrides})
    assert [(each.schedule, each.person, each.start) for each in found.overrides] == [
        ("primary", "cy", datetime(2026, 12, 1, tzinfo=UTC))
    ]


def policy(**more: Any) -> dict[str, Any]:
    """Two steps: who is on call, then bo."""
    rules = [
        {"escalation_delay_in_minutes": 5, "targets": [{"id": "PSCHED", "type": "schedule_reference"}]},
        {"escalation_delay_in_minutes": 10, "targets": [{"id": "BO", "type": "user_reference"}]},
    ]
    usual = {"id": "PPOL", "type": "escalation_policy", "name": "Überwachung / Rot", "num_loops": 1}
    return {"escalation_policies": [{**usual, "escalation_rules": rules, **more}]}


def test_a_policy_is_run_through_as_often_as_there() -> None:
    found = brought(layer("Week", "ANA"), files={"policies.json": policy()})
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    steps = [{"notify": ["schedule:primary"], "wait": "5m"}, {"notify": ["person:bo"], "wait": "10m"}]
    assert plan["escalation"] == {"pagerduty-uberwachung-rot": steps * 2}


def test_a_step_without_anybody_is_left_out_and_its_time_is_kept() -> None:
    rules = policy()["escalation_policies"][0]["escalation_rules"]
    gone = {
        "escalation_delay_in_minutes": 20,
        "targets": [{"id": "GONE", "type": "user_reference", "summary": "Gone Girl"}],
    }
    document = policy(escalation_rules=[rules[0], gone, rules[1]], num_loops=0)
    found = brought(layer("Week", "ANA"), files={"policies.json": document})
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    assert [step["wait"] for step in plan["escalation"]["pagerduty-uberwachung-rot"]] == ["25m", "10m"]
    note = next(each for each in found.export.report.notes if each.kind == "escalation policy")
    assert "Step 2: the user Gone Girl is not in the export, or did not map." in note.losses


def test_a_service_leads_to_its_policy_and_its_integration_has_a_format() -> None:
    sender = {"id": "PINT", "type": "events_api_v2_inbound_integration", "name": "Events", "integration_key": "SECRET"}
    answers = {"id": "PPOL", "type": "escalation_policy_reference"}
    checkout = {
        "id": "PSVC",
        "type": "service",
        "name": "Checkout",
        "escalation_policy": answers,
        "integrations": [sender],
    }
    disabled = {"id": "POFF", "type": "service", "name": "Old", "status": "disabled"}
    service = {"services": [checkout, disabled]}
    found = brought(layer("Week", "ANA"), files={"policies.json": policy(), "services.json": service})
    text = found.text()
    assert "SECRET" not in text
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    assert plan["routes"][:2] == [
        {"if": 'workload == "checkout"', "to": "pagerduty-uberwachung-rot"},
        {"if": 'integration == "checkout-events"', "to": "pagerduty-uberwachung-rot"},
    ]
    catalogue = [each.data for each in read_documents(found.manifests["catalogue.yaml"]).documents]
    assert catalogue[1] == {
        "kind": "Integration",
        "name": "checkout-events",
        "format": "pagerduty",
        "title": "Checkout Events",
    }
    assert "disabled" in next(each for each in found.export.report.notes if each.id == "POFF").losses[0]


def test_urgencies_are_halves_of_the_plans_severities() -> None:
    def rule(id: str, delay: int, kind: str, urgency: str) -> dict[str, Any]:
        contact = {"id": f"C{kind}", "type": f"{kind}_contact_method"}
        usual = {"id": id, "type": "assignment_notification_rule", "start_delay_in_minutes": delay}
        return {**usual, "contact_method": contact, "urgency": urgency}

    contacts = [
        {"id": "Csms", "type": "sms_contact_method", "label": "Mobile", "country_code": 1, "address": "5551234567"},
        {
            "id": "Cphone",
            "type": "phone_contact_method",
            "label": "Mobile",
            "country_code": 49,
            "address": "0301234567",
        },
    ]
    rules = [rule("R1", 0, "sms", "high"), rule("R2", 3, "phone", "high"), rule("R3", 0, "email", "low")]
    user = {"id": "DEE", "type": "user", "name": "Dee", "email": "dee@contoso.example", "contact_methods": contacts}
    found = imported("pagerduty", {"user.json": {"user": {**user, "notification_rules": rules}}})
    dee = read_documents(found.manifests["people.yaml"]).documents[0].data
    assert [each["address"] for each in dee["contacts"]] == ["dee@contoso.example", "+15551234567", "+49301234567"]
    assert dee["notify"] == [
        {"severity": ["critical", "high"], "do": [{"by": "sms"}, {"by": "voice", "after": "3m"}]},
        {"severity": ["medium", "low"], "do": [{"by": "email"}]},
    ]
