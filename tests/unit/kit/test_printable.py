"""No text of a stranger steers a terminal, in whichever command or log line it stands."""

import io
import json
import sys

import pytest
import structlog

from muster.base import logs
from muster.base.cli.output import Guarded, emit_facts, emit_json, emit_table, guard_terminal
from muster.kit.printable import printable

EVIL = "Esc\x1b[31mRED\x1b[0m\x1b]0;owned\x07 \u202etxet\u202c \x9b2J\u2066x \x7f\r\x00[bold]b[/bold]"
SIGNS = "\x1b\x07\x9b\u202e\u202c\u2066\x7f\r\x00"


@pytest.mark.parametrize("way", ["print", "table", "facts", "json", "rows"])
def test_nothing_printed_steers_the_terminal(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    under = io.StringIO()
    monkeypatch.setattr(sys, "stdout", under)
    guard_terminal()
    assert isinstance(sys.stdout, Guarded)
    if way == "print":
        print(EVIL)
    elif way == "table":
        emit_table([{"a": EVIL}], {"a": "A"}, json=False, empty="")
    elif way == "facts":
        emit_facts({"a": EVIL}, json=False)
    elif way == "json":
        emit_json({"a": EVIL})
        assert json.loads(under.getvalue()) == {"a": EVIL}
    else:
        emit_table([{"a": EVIL}], {"a": "A"}, json=True, empty="")
    found = under.getvalue()
    assert not set(SIGNS) & set(found)
    assert "RED" in found
    if way != "json":
        assert "[bold]" in found


def test_lines_and_tabs_stay_and_nothing_else_is_touched() -> None:
    plain = "Größe\tδοκιμή\n名前 😀 é"
    assert printable(plain) == plain


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_line_is_one_line_and_steers_nothing(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        logs.configure_logs("info", form)
        structlog.get_logger("muster").info("intake.odd", title=f"{EVIL}\n2026-01-01 forged line")
        assert logs._lines is not None
        logs._lines.close()
    finally:
        structlog.configure(**before)
    said = capfd.readouterr().err
    assert not set(SIGNS) & set(said)
    assert [line for line in said.splitlines() if line.startswith("2026-01-01 forged")] == []
