"""The bill of materials says what is installed, in a form that others' tools read."""

import json
import subprocess
import sys
from pathlib import Path

import cyclonedx.schema
import jsonschema_rs
import pytest
from tests.architecture.house import ROOT

SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"


def schema(name: str) -> dict[str, object]:
    """A schema that the library brings along."""
    found: dict[str, object] = json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text())
    return found


@pytest.mark.parametrize("lock", ["run", "apprise"])
def test_the_bill_of_materials_is_valid_and_whole(lock: str, tmp_path: Path) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    made = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in made:
        command = [sys.executable, ROOT / "scripts" / "sbom", ROOT / "requirements" / f"{lock}.txt", file]
        subprocess.run(command, check=True, capture_output=True)
    assert made[0].read_bytes() == made[1].read_bytes()
    bom = json.loads(made[0].read_text())
    base = "http://cyclonedx.org/schema/"
    parts = {f"{base}{name}.SNAPSHOT.schema.json": schema(name) for name in ("spdx", "jsf-0.82")}
    registry = jsonschema_rs.Registry(list(parts.items()))
    jsonschema_rs.Draft7Validator(schema("bom-1.6"), registry=registry).validate(bom)
    locked = {line.partition("==")[0]: line.partition("==")[2].split()[0] for line in text.splitlines() if "==" in line}
    assert {part["name"]: part["version"] for part in bom["components"]} == locked
    assert sum(len(part["hashes"]) for part in bom["components"]) == text.count("--hash=sha256:")
    assert bom["metadata"]["component"]["name"] == "muster-incidents"


def test_how_to_report_a_weakness_is_written_down() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    for heading in ("Report a weakness", "What we promise", "Supported versions"):
        assert f"## {heading}" in text
