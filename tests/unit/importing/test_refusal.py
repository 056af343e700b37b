"""What Muster refuses of an import is taken out of it and told; the rest stays."""

from datetime import UTC, datetime
from typing import Any

from tests.unit.importing.exports import imported, pagerduty_users

from muster.importing.import_draft import ImportDraft
from muster.importing.refusal import without
from muster.kit.errors import Fault
from muster.kit.yamldoc import read_documents

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def brought() -> ImportDraft:
    """An import of two people, a schedule of two layers, and two policies."""

    def layer(name: str, user: str) -> dict[str, Any]:
        turn = {"start": "2026-11-02T00:00:00+00:00", "rotation_turn_length_seconds": 604800}
        return {"id": name, "name": name, **turn, "users": [{"user": {"id": user}}]}

    schedule = {"id": "S", "name": "s", "time_zone": "UTC", "schedule_layers": [layer("one", "UA"), layer("two", "UB")]}

    def policy(id: str, target: str, kind: str) -> dict[str, Any]:
        rule = {"escalation_delay_in_minutes": 5, "targets": [{"id": target, "type": f"{kind}_reference"}]}
        return {"id": id, "type": "escalation_policy", "name": id, "escalation_rules": [rule]}

    policies = {"escalation_policies": [policy("P1", "S", "schedule"), policy("P2", "UA", "user")]}
    documents = {"s.json": {"schedule": schedule}, "u.json": pagerduty_users("UA", "UB"), "p.json": policies}
    return imported("pagerduty", documents, NOW)


def fault(found: ImportDraft, file: str, number: int, field: str) -> Fault:
    """A fault as applying points at it."""
    document = read_documents(found.manifests[file], file).documents[number]
    path = tuple(int(part) if part.isdecimal() else part for part in field.split(".") if part)
    return document.fault(path, "It may not be.", "Change it.")


def losses(found: ImportDraft) -> list[str]:
    """Everything that is told."""
    return [loss for note in found.export.report.notes for loss in note.losses]


def test_a_refused_field_or_item_goes_and_the_manifest_stays() -> None:
    found = brought()
    faults = [
        fault(found, "people.yaml", 1, "contacts.0.address"),
        fault(found, "schedules.yaml", 0, "layers.0.people"),
    ]
    assert without(found, faults)
    people = [document.data for document in read_documents(found.manifests["people.yaml"]).documents]
    assert [len(person["contacts"]) for person in people] == [1, 0]
    (schedule,) = read_documents(found.manifests["schedules.yaml"]).documents
    assert [layer["name"] for layer in schedule.data["layers"]] == ["one"]
    assert "Schedule s: item 1 of layers is left out: It may not be. Change it." in losses(found)
    assert "Person ub: item 1 of contacts is left out: It may not be. Change it." in losses(found)


def test_what_a_manifest_needs_takes_the_manifest_with_it() -> None:
    found = brought()
    assert without(found, [fault(found, "schedules.yaml", 0, "time_zone")])
    assert "schedules.yaml" not in found.manifests
    assert "Schedule s is left out: It may not be. Change it." in losses(found)
    note = next(note for note in found.export.report.notes if note.kind == "schedule")
    assert note.outcome == "not_mapped"


def test_a_person_who_is_refused_is_tried_without_contacts_first() -> None:
    found = brought()
    assert without(found, [fault(found, "people.yaml", 0, "")])
    assert "contacts" not in read_documents(found.manifests["people.yaml"]).documents[0].data
    assert without(found, [fault(found, "people.yaml", 0, "")])
    assert [document.data["name"] for document in read_documents(found.manifests["people.yaml"]).documents] == ["ub"]


def test_a_refused_policy_leaves_the_others() -> None:
    found = brought()
    assert list(found.wanted.policies) == ["pagerduty-p1", "pagerduty-p2"]
    assert without(found, [fault(found, "plan.yaml", 0, "escalation.pagerduty-p1.0.notify")])
    assert list(read_documents(found.manifests["plan.yaml"]).documents[0].data["escalation"]) == ["pagerduty-p2"]


def test_too_many_policies_are_halved_until_they_fit() -> None:
    found = brought()
    assert without(found, [fault(found, "plan.yaml", 0, "escalation")])
    assert list(found.wanted.policies) == ["pagerduty-p1"]
    assert without(found, [fault(found, "plan.yaml", 0, "")])
    assert "plan.yaml" not in found.manifests
    assert not without(found, [Fault("", "Something else.", file="plan.yaml", line=1)])


def test_a_fault_of_nothing_that_is_imported_takes_nothing() -> None:
    assert not without(brought(), [Fault("", "Something else.")])
