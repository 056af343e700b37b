"""`muster --help` says what each command is for, although commands are imported only when they are asked for."""

import sys

import pytest

from muster.app import cli
from muster.base.features import installed


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_every_command_says_what_it_is_for(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["muster", *words])
    with pytest.raises(SystemExit):
        cli.main()
    listed = [line.strip("│ ").split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if "│" in line]
    assert {"adopt", "keys", "session", "serve"} <= {line[0] for line in listed if line}
    commands = {name for feature in installed() for name in feature.commands}
    assert [line[0] for line in listed if len(line) < 2 and line[0] in commands] == []
