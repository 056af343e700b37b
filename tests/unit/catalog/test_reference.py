"""The reference page of workloads says what the code does."""

import re
from pathlib import Path

from muster.catalog.manifest import ComponentManifest, WorkloadManifest
from muster.catalog.place import COMPONENT_KEYS, SCOPE_KEYS
from muster.catalog.selection import STALE_AFTER
from muster.kit.yamldoc import read_documents

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "workloads.md").read_text(encoding="utf-8")


def test_the_example_is_read() -> None:
    example = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    draft = WorkloadManifest.model_validate(read_documents(example[1]).documents[0].data).draft()
    assert [each.name for each in draft.components] == ["web", "search", "cache-a", "cache-b"]


def test_every_field_is_explained_and_no_other() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))
    assert explained == {*WorkloadManifest.model_fields, *ComponentManifest.model_fields} - {"kind"}


def test_the_labels_are_named_in_their_order() -> None:
    second, third = (
        re.search(rf"^{number}\. (.*?)(?:if it names|A value)", TEXT, re.DOTALL | re.MULTILINE) for number in (2, 3)
    )
    assert second is not None
    assert third is not None
    assert tuple(re.findall(r"`(\w+)`", second[1])) == SCOPE_KEYS
    assert tuple(re.findall(r"`(\w+)`", third[1])) == COMPONENT_KEYS


def test_the_time_until_an_entry_is_stale_is_told() -> None:
    assert f"{STALE_AFTER.days} days" in TEXT
