"""The manifest kinds Person and Team."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.kit.errors import Fault
from muster.kit.faults import faults_of
from muster.kit.yamldoc import read_documents
from muster.people.manifest import REACH, PersonManifest, TeamManifest
from muster.people.reach import ContactKind, Reach
from muster.people.rules import name_faults, name_from

PERSON = """\
kind: Person
name: ana
full_name: Ana Silva
email: ana@contoso.example
time_zone: Europe/Lisbon
permission: responder            # viewer | responder | manager | administrator
contacts:
  - {kind: webhook, address: "http://127.0.0.1:9999/ana", verified: true}
"""
TEAM = "kind: Team\nname: platform\nmembers: [ana, bo]\n"
REACHABLE = Reach(
    (ContactKind("webhook", "Webhook", "URL", "https://hooks.example/ana"),),
    lambda kind, address: (
        None if address.startswith("http") else Fault("", "A webhook is a URL.", "Begin with https://.")
    ),
    lambda kind, secret: None,
    lambda secret, row: secret,
)


def faults(model: type[PersonManifest] | type[TeamManifest], text: str) -> list[Fault]:
    """What is wrong with a manifest, with its places."""
    document = read_documents(text, "org.yaml").documents[0]
    with pytest.raises(ValidationError) as refused:
        model.model_validate(document.data, context={REACH: REACHABLE})
    return faults_of(refused.value, model, document)


def test_the_contracts_person_and_team_are_read() -> None:
    person = PersonManifest.model_validate(read_documents(PERSON).documents[0].data, context={REACH: REACHABLE})
    assert (person.permission, person.faults()) == ("responder", [])
    assert person.contacts is not None
    assert person.contacts[0].draft().verified
    team = TeamManifest.model_validate(read_documents(TEAM).documents[0].data)
    assert team.members == ("ana", "bo")


def test_contacts_left_out_are_not_the_same_as_none() -> None:
    assert PersonManifest(name="ana", email="a@b.example").contacts is None
    assert PersonManifest(name="ana", email="a@b.example", contacts=[]).contacts == []


def test_every_fault_has_its_place_its_rule_and_its_fix() -> None:
    text = (
        PERSON.replace("name: ana\n", "name: Ana S\n", 1)
        .replace("Europe/Lisbon", "Lisbon")
        .replace("responder ", "respnder ")
        .replace("http://127.0.0.1:9999/ana", "nowhere")
        .replace("email: ana@contoso.example", "emial: ana@contoso.example")
    )
    found = {(fault.line, fault.field): fault for fault in faults(PersonManifest, text)}
    assert set(found) >= {
        (2, "name"),
        (4, "emial"),
        (5, "time_zone"),
        (6, "permission"),
        (8, "contacts.0"),
    }
    assert found[2, "name"].fix == "Try `ana-s`."
    assert found[4, "emial"].fix == "Did you mean `email`?"
    assert "Europe/Lisbon" in found[5, "time_zone"].fix
    assert found[6, "permission"].fix == "Did you mean `responder`?"
    assert found[8, "contacts.0"].rule == "A webhook is a URL."


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"members": ["ana", "ana"]}, "`ana` is listed twice."),
        ({"lead": "cy"}, "A team is led by one of its members."),
        ({"name": "Platform"}, "A name has 1 to 63 lower-case letters"),
    ],
)
def test_a_team_that_does_not_hold_together_is_refused(change: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TeamManifest.model_validate({"name": "platform", "members": ["ana"], **change})
    assert faults_of(refused.value, TeamManifest)[0].rule.startswith(rule)


def test_unknown_members_get_a_guess() -> None:
    unknown = TeamManifest(name="platform", members=("anna", "bo")).unknown_members(["ana", "bo"])
    assert [(fault.field, fault.fix) for fault in unknown] == [("members.0", "Did you mean `ana`?")]


@given(st.text(max_size=100))
def test_a_name_made_from_any_text_is_a_name_or_nothing(text: str) -> None:
    made = name_from(text)
    assert made == "" or name_faults("name", made) == []
