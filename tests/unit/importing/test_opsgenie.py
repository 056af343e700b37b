"""What Opsgenie means, as Muster says it: rotations that hold together, restrictions, delays that count from the alert."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.importing.exports import NOW, imported
from tests.unit.importing.test_expected_coverage import muster_says, schedules_in

from muster.importing.import_draft import ImportDraft
from muster.kit.yamldoc import read_documents

USERS = {
    "data": [
        {
            "id": f"u{number}",
            "username": f"{name}@contoso.example",
            "fullName": name.title(),
            "timeZone": "Europe/Lisbon",
        }
        for number, name in enumerate(("ana", "bo", "cy"), 1)
    ]
}
TEAM = {
    "data": {
        "id": "t1",
        "name": "Platform",
        "members": [{"user": {"id": "u1"}, "role": "admin"}, {"user": {"id": "u2"}}],
    }
}


def user(number: int) -> dict[str, str]:
    """A participant."""
    return {"type": "user", "id": f"u{number}"}


def schedule(*rotations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A schedule in Stockholm, whose clocks go back on 2026-10-25 and forward on 2027-03-28."""
    whole = {"id": "s1", "name": "Platform_schedule", "timezone": "Europe/Stockholm", "enabled": True}
    return {"data": [{**whole, "rotations": list(rotations), **more}]}


def rotation(name: str, *participants: dict[str, str], **more: Any) -> dict[str, Any]:
    """A weekly rotation from a Monday at 09:00 of Stockholm."""
    usual = {"id": name, "name": name, "startDate": "2026-06-01T07:00:00Z", "type": "weekly", "length": 1}
    return {**usual, "participants": list(participants), **more}


def brought(*rotations: dict[str, Any], **files: Any) -> ImportDraft:
    """The import of a schedule."""
    more = {f"{name}.json": data for name, data in files.items()}
    return imported("opsgenie", {"users.json": USERS, "schedules.json": schedule(*rotations), **more})


def people_at(found: ImportDraft, moment: str) -> set[str]:
    """Who is on call at a moment."""
    at = datetime.fromisoformat(moment)
    return set(muster_says(found, at, at + timedelta(minutes=1))[0][2])


def test_a_rotation_hands_off_at_its_local_time_also_when_clocks_change() -> None:
    found = brought(rotation("week", user(1), user(2)))
    (one,) = schedules_in(found)
    assert (str(one.layers[0].hand_off.at), one.layers[0].hand_off.day) == ("09:00:00", 0)
    # 2026-06-01 was ana's week; 25 weeks later it is bo's, from 09:00 of winter time, which is 08:00 UTC.
    assert people_at(found, "2026-11-23T07:59:00+00:00") == {"ana"}
    assert people_at(found, "2026-11-23T08:00:00+00:00") == {"bo"}


def test_rotations_that_overlap_are_on_call_together() -> None:
    nights = {"type": "time-of-day", "restriction": {"startHour": 18, "startMin": 0, "endHour": 8, "endMin": 30}}
    found = brought(rotation("week", user(1)), rotation("nights", user(2), user(3), timeRestriction=nights))
    assert len(schedules_in(found)) == 2
    assert people_at(found, "2026-12-01T12:00:00+01:00") == {"ana"}
    assert people_at(found, "2026-12-01T18:00:00+01:00") == {"ana", "bo"}
    assert people_at(found, "2026-12-02T08:29:00+01:00") == {"ana", "bo"}
    assert people_at(found, "2026-12-02T08:30:00+01:00") == {"ana"}
    assert people_at(found, "2026-12-08T19:00:00+01:00") == {"ana", "cy"}


def test_rotations_that_follow_each_other_share_a_schedule() -> None:
    days = {"type": "time-of-day", "restriction": {"startHour": 8, "startMin": 0, "endHour": 20, "endMin": 0}}
    nights = {"type": "time-of-day", "restriction": {"startHour": 20, "startMin": 0, "endHour": 8, "endMin": 0}}
    found = brought(rotation("d", user(1), timeRestriction=days), rotation("n", user(2), timeRestriction=nights))
    assert [len(one.layers) for one in schedules_in(found)] == [2]


def test_hours_over_a_weekend_are_one_stretch() -> None:
    weekend = {
        "type": "weekday-and-time-of-day",
        "restrictions": [
            {"startDay": "friday", "startHour": 17, "startMin": 0, "endDay": "monday", "endHour": 9, "endMin": 0}
        ],
    }
    found = brought(rotation("weekend", user(1), timeRestriction=weekend))
    assert people_at(found, "2026-11-27T16:59:00+01:00") == set()
    assert people_at(found, "2026-11-29T03:00:00+01:00") == {"ana"}
    assert people_at(found, "2026-11-30T09:00:00+01:00") == set()


def test_a_turn_of_nobody_stays_free_and_keeps_the_order() -> None:
    found = brought(rotation("week", user(1), {"type": "none"}, user(2)))
    turns = [people_at(found, f"2026-{day}T12:00:00+01:00") for day in ("11-23", "11-30", "12-07", "12-14")]
    assert turns == [set(), {"bo"}, {"ana"}, set()]


def test_a_user_who_is_not_in_the_export_leaves_a_gap_that_the_report_names() -> None:
    found = brought(rotation("week", user(1), {"type": "user", "id": "gone"}))
    note = next(each for each in found.export.report.notes if each.kind == "schedule")
    assert "gone" in " ".join(note.losses)
    days = [NOW + timedelta(weeks=number) for number in range(4)]
    assert {frozenset(people_at(found, day.isoformat())) for day in days} == {frozenset(), frozenset({"ana"})}


def test_what_opsgenie_rendered_is_compared_and_a_difference_is_named() -> None:
    def period(start: str, end: str, number: int) -> dict[str, Any]:
        return {"startDate": start, "endDate": end, "type": "default", "recipient": user(number)}

    timeline = {
        "data": {
            "_parent": {"id": "s1"},
            "startDate": "2026-11-23T08:00:00Z",
            "endDate": "2026-12-07T08:00:00Z",
            "finalTimeline": {
                "rotations": [
                    {
                        "id": "week",
                        "periods": [
                            period("2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z", 2),
                            period("2026-11-30T08:00:00Z", "2026-12-07T08:00:00Z", 1),
                        ],
                    }
                ]
            },
        }
    }
    found = brought(rotation("week", user(1), user(2)), timeline=timeline)
    assert found.checks[0].against == "what Opsgenie has rendered"
    assert not any(check.differences for check in found.checks)
    timeline["data"]["finalTimeline"]["rotations"][0]["periods"][1]["recipient"] = user(3)  # type: ignore[index]
    found = brought(rotation("week", user(1), user(2)), timeline=timeline)
    assert found.checks[0].differences[0].vendor == frozenset({"cy"})
    note = next(each for each in found.export.report.notes if each.kind == "schedule")
    assert "2026-11-30 08:00 to 2026-12-07 08:00 UTC: Opsgenie says cy, Muster ana." in note.losses[0]


def test_an_override_is_made_on_the_schedules_of_its_rotations() -> None:
    override = {
        "data": [
            {
                "_parent": {"id": "s1"},
                "alias": "o1",
                "user": user(3),
                "startDate": "2026-12-01T00:00:00Z",
                "endDate": "2026-12-02T00:00:00Z",
                "rotations": [{"id": "b"}],
            },
            {"alias": "o0", "user": user(3), "startDate": "2026-01-01T00:00:00Z", "endDate": "2026-01-02T00:00:00Z"},
        ]
    }
    found = brought(rotation("a", user(1)), rotation("b", user(2)), overrides=override)
    assert [(each.schedule, each.person) for each in found.overrides] == [("platform_schedule-2", "cy")]
    assert found.overrides[0].start == datetime(2026, 12, 1, tzinfo=UTC)


def test_delays_that_count_from_the_alert_become_waits_between_steps() -> None:
    def rule(minutes: int, **recipient: Any) -> dict[str, Any]:
        delay = {"timeAmount": minutes, "timeUnit": "minutes"}
        return {"condition": "if-not-acked", "notifyType": "default", "delay": delay, "recipient": recipient}

    escalation = {
        "data": [
            {
                "id": "e1",
                "name": "Platform_escalation",
                "ownerTeam": {"id": "t1"},
                "rules": [
                    rule(0, type="schedule", id="s1"),
                    rule(5, type="user", id="u2"),
                    rule(15, type="team", id="t1"),
                ],
                "repeat": {"waitInterval": 10, "count": 1},
            }
        ]
    }
    service = {"data": [{"id": "svc", "name": "Checkout", "teamId": "t1", "tags": [], "isExternal": False}]}
    found = brought(
        rotation("a", user(1)), rotation("b", user(2)), teams=TEAM, escalations=escalation, services=service
    )
    plan = read_documents(found.manifests["plan.yaml"]).documents[0].data
    steps = [
        {"notify": ["schedule:platform_schedule", "schedule:platform_schedule-2"], "wait": "5m"},
        {"notify": ["person:bo"], "wait": "10m"},
        {"notify": ["team:platform"], "wait": "10m"},
    ]
    assert plan["escalation"] == {"opsgenie-platform_escalation": steps * 2}
    assert plan["routes"][0] == {"if": 'workload == "checkout"', "to": "opsgenie-platform_escalation"}


def test_notification_rules_and_numbers_go_with_the_person() -> None:
    contacts = {
        "data": [
            {"id": "c1", "method": "sms", "to": "1-5551234567", "status": {"enabled": True}},
            {"id": "c2", "method": "voice", "to": "44-2071838750", "status": {"enabled": True}},
            {"id": "c3", "method": "mobile", "to": "phone", "status": {"enabled": True}},
        ]
    }
    rule = {
        "data": {
            "id": "r1",
            "actionType": "create-alert",
            "enabled": True,
            "steps": [
                {"contact": {"method": "voice", "to": "x"}, "sendAfter": {"timeAmount": 5, "timeUnit": "minutes"}, "enabled": True},
                {"contact": {"method": "sms", "to": "x"}, "sendAfter": {"timeAmount": 0, "timeUnit": "minutes"}, "enabled": True},
            ],
        }
    }  # fmt: skip
    found = imported(
        "opsgenie", {"users.json": USERS, "users-u1-contacts.json": contacts, "users-u1-notification-rules.json": rule}
    )
    ana = next(
        each.data for each in read_documents(found.manifests["people.yaml"]).documents if each.data["name"] == "ana"
    )
    assert ana["contacts"] == [
        {"kind": "email", "address": "ana@contoso.example"},
        {"kind": "sms", "address": "+15551234567"},
        {"kind": "voice", "address": "+442071838750"},
    ]
    assert ana["notify"] == [{"do": [{"by": "sms"}, {"by": "voice", "after": "5m"}]}]
    note = next(each for each in found.export.report.notes if each.id == "u1")
    assert "Push to Opsgenie's app stays there" in " ".join(note.losses)
