"""`muster ledger verify --export` needs no Muster: a file and a key are enough."""

import json
from pathlib import Path

import pytest
from tests.unit.ledger.ledgers import KEY, small_ledger

from muster.kit.errors import Invalid
from muster.ledger.cli import app
from muster.ledger.key import key_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An exported ledger."""
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(small_ledger().export()))
    return path


def run(*words: str) -> object:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        app(list(words))
    return left.value.code


def test_a_sound_file_is_said_to_be_sound(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "--export", str(file), "--public-key", key_text(KEY.public)) == 0
    said = capsys.readouterr().out
    assert "9 entries in 3 streams, 2 seals." in said
    assert "2 entries are newer than the last seal." in said
    assert "Sound" in said
    assert "--public-key" not in said


def test_without_a_trusted_key_the_keys_are_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "--export", str(file)) == 0
    assert f"Signed by {key_text(KEY.public)}" in capsys.readouterr().out


def test_a_file_that_was_altered_fails_and_says_where(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b"because", b"Because")
    file.write_bytes(b"".join(lines))
    assert run("verify", "--export", str(file), "--json") == 1
    verdict = json.loads(capsys.readouterr().out)
    assert ("access", 1, "altered") in {(each["stream"], each["seq"], each["flaw"]) for each in verdict["breaks"]}
    assert verdict["sound"] is False


def test_the_seals_of_an_earlier_export_are_demanded(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = small_ledger()
    ledger.seals.pop()
    later = file.with_name("later.jsonl")
    later.write_bytes(b"".join(ledger.export()))
    assert run("verify", "--export", str(file), "--kept", str(file)) == 0
    assert run("verify", "--export", str(later), "--kept", str(file)) == 1
    assert "seals 2: This seal was kept elsewhere, and it is gone." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--export", "/nowhere/at-all"], "--export"),
        (["--export", "/dev/null", "--public-key", "x"], "--public-key"),
        (["--kept", "/etc/hostname"], "--kept"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_option(words: list[str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        app(["verify", *words])
    assert refused.value.faults[0].field == field
