"""The ground under imports: names, numbers, lanes, files."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.importing import export_files, hcl
from muster.importing.export_files import read_bundle, unpack
from muster.importing.naming import names_of, slug
from muster.importing.phones import e164
from muster.importing.report import ImportNote
from muster.importing.timeline import Duty, together
from muster.importing.zones import zone_of
from muster.kit.errors import Invalid
from muster.people.rules import name_faults

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=100))
def test_every_title_has_a_name(title: str) -> None:
    assert name_faults("name", slug(title, "thing")) == []


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=70), max_size=8), st.randoms())
def test_names_are_distinct_and_do_not_depend_on_the_order(titles: dict[str, str], draw: object) -> None:
    names = names_of(titles.items(), "thing", prefix="pagerduty-")
    assert len(set(names.values())) == len(titles)
    assert names_of(reversed(list(titles.items())), "thing", prefix="pagerduty-") == names
    assert all(name_faults("name", name) == [] for name in names.values())


def test_titles_keep_what_can_be_kept() -> None:
    assert slug("Überwachung / Rotation №1") == "uberwachung-rotation-no1"
    assert names_of([("b", "SRE!"), ("a", "sre")], "team") == {"a": "sre", "b": "sre-2"}


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("1-5551234567", None, "+15551234567"),
        ("+49 (30) 123456", None, "+4930123456"),
        ("5551234567", 1, "+15551234567"),
        ("030123456", 49, "+4930123456"),
        ("5551234567", None, ""),
        ("x", 1, ""),
    ],
)
def test_numbers_are_brought_into_one_form(written: str, country: int | None, dialled: str) -> None:
    assert e164(written, country) == dialled


def test_zones_by_other_names_are_known_and_unknown_ones_are_told() -> None:
    note = ImportNote("user", "Ana")
    assert zone_of("Eastern Time (US & Canada)", note) == "America/New_York"
    assert zone_of("Madrid", note) == "Europe/Madrid"
    assert note.losses == []
    assert zone_of("Atlantis", note, "Europe/Lisbon") == "Europe/Lisbon"
    assert "Atlantis" in note.losses[0]


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from(["ana", "bo", "cy"])),
        max_size=12,
    )
)
def test_people_together_agree_with_asking_at_every_hour(shifts: list[tuple[int, int, str]]) -> None:
    held: list[Duty] = [
        (START + timedelta(hours=at), START + timedelta(hours=at + length), [who]) for at, length, who in shifts
    ]
    end = START + timedelta(hours=72)
    found = together(held, START, end)
    assert (found[0][0], found[-1][1]) == (START, end)
    for hour in range(72):
        moment = START + timedelta(hours=hour, minutes=30)
        (said,) = [people for begins, ends, people in found if begins <= moment < ends]
        assert said == {who for at, length, who in shifts if at <= hour < at + length}


def archive(**files: str) -> bytes:
    """A .zip of these files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"export/{name}.json", text)
    return body.getvalue()


def test_a_zip_is_opened() -> None:
    found = unpack({"all.zip": archive(users='{"users": []}', teams="[]"), "notes.txt": b"no export"})
    assert sorted(found) == ["all.zip/export/teams.json", "all.zip/export/users.json"]
    assert [each.hint for each in read_bundle(found)] == ["teams.json", "users.json"]


def test_a_zip_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "LARGEST", 100_000)
    with pytest.raises(Invalid) as refused:
        unpack({"bomb.zip": archive(users=" " * 5_000_000)})
    assert "MB together" in refused.value.faults[0].rule


def test_files_that_cannot_be_an_export_are_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        unpack({"notes.txt": b"x"})
    assert "no file here that can be an export" in refused.value.faults[0].rule
    with pytest.raises(Invalid) as refused:
        unpack({"users.json": b"\xff\xfe"})
    assert refused.value.faults[0].field == "users.json"


def test_a_document_that_is_too_deep_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        read_bundle({"deep.json": "[" * 100_000})
    assert refused.value.faults[0].field == "deep.json"


def test_terraform_is_read_as_far_as_it_is_needed() -> None:
    (block,) = hcl.read(
        """
        # a comment
        resource "grafana_oncall_on_call_shift" "week" {
          name     = "Week \\"one\\""   // another
          duration = 60 * 60 * 24
          token    = <YOUR_TOKEN>
          users    = [[data.grafana_oncall_user.ana.id], ["x", 2],]
          default_route { escalation_chain_id = grafana_oncall_escalation_chain.d.id }
          tags     = { a = true, b = null }
        }
        """
    )
    assert block["labels"] == ["grafana_oncall_on_call_shift", "week"]
    assert block["body"] == {
        "name": 'Week "one"',
        "duration": 86400,
        "token": None,
        "users": [["grafana_oncall_user.ana"], ["x", 2]],
        "default_route": [{"escalation_chain_id": "grafana_oncall_escalation_chain.d"}],
        "tags": {"a": True, "b": None},
    }
