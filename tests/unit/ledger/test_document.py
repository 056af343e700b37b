"""The program in the ledger's document verifies an export without anything of Muster's."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.ledger.ledgers import KEY, STRANGER, Ledger, small_ledger

from muster.ledger.key import key_text

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "ledger.md"


def verify(folder: Path, lines: list[bytes], public: bytes = KEY.public) -> tuple[int, str]:
    """Exit code and last words of the documented program, run where Muster cannot be imported."""
    program = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert program
    (folder / "verify.py").write_text(program[1])
    (folder / "export.jsonl").write_bytes(b"".join(lines))
    command = [sys.executable, "verify.py", "export.jsonl", key_text(public)]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def test_it_finds_a_sound_ledger_sound(tmp_path: Path) -> None:
    assert verify(tmp_path, small_ledger().export()) == (0, "sound")
    assert verify(tmp_path, Ledger().export()) == (0, "sound")


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (4, b"because", b"Because", "an entry was altered"),
        (4, b'"seq":1', b'"seq":2', "an entry is missing or moved"),
        (1, b'"number":1', b'"number":2', "a seal is missing"),
        (1, b"09", b"08", "a seal was altered"),
        (0, b"2026", b"2025", "the file was altered"),
    ],
)
def test_it_finds_what_was_altered(tmp_path: Path, line: int, old: bytes, new: bytes, said: str) -> None:
    lines = small_ledger().export()
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new)
    code, words = verify(tmp_path, lines)
    assert (code, words.removeprefix("AssertionError: ")) == (1, said)


def test_it_takes_what_is_vouched_for_and_nothing_else(tmp_path: Path) -> None:
    ledger = small_ledger()
    ledger.redact(1, 3)
    ledger.seal()
    assert verify(tmp_path, ledger.export()) == (0, "sound")
    ledger.entries[0] = replace(ledger.entries[0], reason="because")
    assert verify(tmp_path, ledger.export()) == (1, "AssertionError: an entry was altered")


def test_it_finds_a_missing_end_and_a_stranger(tmp_path: Path) -> None:
    assert verify(tmp_path, small_ledger().export()[:-1]) == (1, "the file has no end")
    assert "stranger" in verify(tmp_path, small_ledger().export(), STRANGER.public)[1]
