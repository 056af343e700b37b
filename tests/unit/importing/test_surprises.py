"""Whatever an export holds, reading it ends in a report or in faults with names, never in a crash."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import SAMPLES
from tests.unit.importing.exports import NOW, files_of

from muster.importing import hcl
from muster.importing.current_state import CurrentState
from muster.importing.export_files import unpack
from muster.importing.import_draft import compose
from muster.importing.sources import SOURCES
from muster.kit.errors import Problem
from muster.kit.yamldoc import read_documents
from muster.oncall.calendars.draft import read_calendar_draft
from muster.oncall.schedules.draft import read_schedule

LEAVES: list[Any] = [
    None, True, 0, -1, 1, 10**30, -(10**12), 0.5, float("nan"), float("inf"), "", "x", "\x00\ud800", "9" * 40,
    "2023-02-30T00:00:00Z",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2149-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "25:61", "24:00:00",
    "Mars/Olympus", "Pacific/Apia", "new", [], {}, [[]], [None], [{}], {"id": {}}, {"type": []}, "weekly", "override", "ical",
]  # fmt: skip


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    found = [at] if at else []
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        found += places(value, (*at, key))
    return found


def mutated(data: Any, draw: random.Random) -> Any:
    """The document with a few places changed, doubled or taken away."""
    data = copy.deepcopy(data)
    for _ in range(draw.randint(1, 5)):
        somewhere = places(data)
        if not somewhere:
            break
        *way, last = draw.choice(somewhere)
        holder = data
        for key in way:
            holder = holder[key]
        what = draw.random()
        if what < 0.15:
            del holder[last]
        elif what < 0.25 and isinstance(holder, list):
            holder.insert(last, copy.deepcopy(draw.choice(holder)))
        else:
            holder[last] = copy.deepcopy(draw.choice(LEAVES))
    return data


def documents(source: str) -> dict[str, Any]:
    """The JSON files of a tool's samples."""
    folder = SAMPLES / source
    files = files_of(folder) if folder.is_dir() else {}
    return {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}


def judge(source: str, files: dict[str, str]) -> None:
    """Compose, and check that what comes out can be read."""
    try:
        found = compose(source, files, CurrentState(), NOW)
    except Problem:
        return
    json.dumps(found.report(), default=str)
    for document in read_documents(found.manifests.get("schedules.yaml", "")).documents:
        (read_schedule if document.data["kind"] == "Schedule" else read_calendar_draft)(document.data)
    for note in found.export.report.notes:
        assert note.to or note.losses, note


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_exports_with_anything_anywhere_are_read_or_refused_by_name(source: str, seed: int) -> None:
    draw = random.Random(seed)
    known = documents(source)
    if not known:
        pytest.skip("the folder of real payloads is not there")
    chosen = draw.sample(sorted(known), min(len(known), draw.randint(1, 12)))
    judge(source, {name: json.dumps(mutated(known[name], draw)) for name in chosen})


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=80)
@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["id", "name", "type", "users", "data", "results", "rotations", "schedule_layers"]),
                inner,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused_by_name(source: str, data: Any) -> None:
    judge(source, {"export.json": json.dumps(data)})


@settings(max_examples=150)
@given(text=st.text(alphabet='resource "x{}[]=,*/#\n.a1<', max_size=200))
def test_any_terraform_is_read(text: str) -> None:
    assert isinstance(hcl.read(text), list)


@settings(max_examples=60)
@given(body=st.binary(max_size=300))
def test_any_zip_is_opened_or_refused_by_name(body: bytes) -> None:
    for begin in (b"", b"PK\x03\x04"):
        with pytest.raises(Problem):
            unpack({"export.zip": begin + body})


def test_a_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        compose("pagerduty", {"users.json": '{"users": ['}, CurrentState(), NOW)
    assert refused.value.faults[0].field == "users.json"
    assert refused.value.faults[0].fix


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(Problem, match="no import"):
        compose("pagerdutty", {"users.json": "{}"}, CurrentState(), NOW)
