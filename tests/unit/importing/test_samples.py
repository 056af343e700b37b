"""Every export of the samples is read whole, and the report says of each object what became of it."""

from pathlib import Path

import pytest
from tests.unit.importing.exports import NOW, files_of

from muster.importing.current_state import CurrentState
from muster.importing.import_draft import ImportDraft, compose
from muster.importing.report import ImportOutcome
from muster.importing.sources import SOURCES
from muster.kit.yamldoc import read_documents
from muster.oncall.schedules.draft import read_schedule
from muster.people.manifest import PersonManifest, TeamManifest


def sample(samples: Path, source: str) -> ImportDraft:
    """The import of everything that the samples hold of a tool."""
    return compose(source, files_of(samples / source), CurrentState(), NOW)


@pytest.mark.parametrize("source", SOURCES)
def test_every_file_is_read_or_named_in_the_report(samples: Path, source: str) -> None:
    files = files_of(samples / source)
    for name, text in files.items():
        found = compose(source, {name: text}, CurrentState(), NOW)
        assert found.export.report.notes, name
        for note in found.export.report.notes:
            assert note.to or note.losses, f"{name}: nothing is said of {note.kind} {note.title}"


@pytest.mark.parametrize("source", SOURCES)
def test_the_manifests_are_such_as_muster_reads(samples: Path, source: str) -> None:
    found = sample(samples, source)
    assert {"people.yaml", "teams.yaml", "catalogue.yaml"} <= set(found.manifests)
    for text in found.manifests.values():
        read = read_documents(text)
        assert not read.faults
        for document in read.documents:
            if document.data["kind"] == "Schedule":
                read_schedule(document.data)
            elif document.data["kind"] in ("Person", "Team"):
                {"Person": PersonManifest, "Team": TeamManifest}[document.data["kind"]].model_validate(document.data)


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_files_lead_to_the_same_text(samples: Path, source: str) -> None:
    files = files_of(samples / source)
    backwards = dict(reversed(files.items()))
    assert compose(source, files, CurrentState(), NOW).text() == compose(source, backwards, CurrentState(), NOW).text()


def said(found: ImportDraft, kind: str, title: str) -> tuple[ImportOutcome, str]:
    """What the report says of an object, the losses in one text."""
    note = next(each for each in found.export.report.notes if (each.kind, each.title) == (kind, title))
    return note.outcome, " ".join(note.losses)


def test_opsgenie_says_what_does_not_map(samples: Path) -> None:
    found = sample(samples, "opsgenie")
    assert found.export.report.counts() == {"mapped": 9, "with_loss": 16, "not_mapped": 35}
    outcome, losses = said(found, "schedule", "Data Science Team_schedule")
    assert outcome is ImportOutcome.WITH_LOSS
    assert "Rota3: the escalation Devops Team_escalation takes a turn" in losses
    assert said(found, "schedule", "Devops Team_schedule")[0] is ImportOutcome.NOT_MAPPED
    assert "does not hold its rules" in said(found, "escalation", "Non-Critical Alerts")[1]
    assert said(found, "file", "export-port/incident.a.json")[0] is ImportOutcome.NOT_MAPPED


def test_two_rotations_of_opsgenie_that_overlap_become_two_schedules(samples: Path) -> None:
    found = sample(samples, "opsgenie")
    note = next(each for each in found.export.report.notes if each.title == "Data Science Team_schedule")
    assert note.to == ["Schedule data-science-team_schedule", "Schedule data-science-team_schedule-2"]
    assert all(not check.differences for check in found.checks)
    assert len(found.checks) == 2


def test_pagerduty_says_what_does_not_map(samples: Path) -> None:
    found = sample(samples, "pagerduty")
    assert said(found, "schedule", "TestSchedule1")[1].startswith("The export does not hold its layers")
    assert "makes nobody an administrator" in said(found, "user", "Kyler Kuhn")[1]
    assert "no number for voice" in said(found, "user", "John Doe")[1]
    assert "takes e-mail" in said(found, "integration", "My Application Service: Email Integration")[1]
    assert said(found, "file", "rest/get_incidents.response.json")[0] is ImportOutcome.NOT_MAPPED


def test_grafana_oncall_says_what_does_not_map(samples: Path) -> None:
    found = sample(samples, "grafana-oncall")
    outcome, losses = said(found, "schedule", "Demo schedule iCal")
    assert outcome is ImportOutcome.WITH_LOSS
    assert "in an iCalendar, which Muster reads from now on" in losses
    (calendar, _) = [
        each.data
        for each in read_documents(found.manifests["schedules.yaml"]).documents
        if each.data["kind"] == "Calendar"
    ]
    assert calendar["url"] == "https://example.com/meow_calendar.ics"
    assert "in the whole payload" in said(found, "route", "us-(east|west)")[1]
    assert "first waits for 1 minutes" in said(found, "escalation chain", "chain F5JU6KJET33FE")[1]
    assert (
        "not an e-mail address" in said(found, "user", "ikonstantinov")[1]
        or "empty" in said(found, "user", "ikonstantinov")[1]
    )


@pytest.mark.parametrize("source", SOURCES)
def test_no_key_of_an_export_is_kept(samples: Path, source: str) -> None:
    found = sample(samples, source)
    text = found.text() + str(found.report())
    for secret in ("integrations/v1", "webcal", "/private/", "mReAoNwDm0eMwKo1mTeTwYo", "YOUR_API_TOKEN", "gravatar"):
        assert secret not in text
