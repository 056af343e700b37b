"""The shell that people paste: it runs, and what it sends is read as meant."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from tests.unit.inbound.asking import request

from muster.inbound.registry import choose
from muster.inbound.vendors import checkmk, netdata

CURL = """#!/bin/bash
for word in "$@"; do printf '%s\\0' "$word"; done
"""


@pytest.mark.parametrize(
    ("script", "environment", "title"),
    [
        (
            checkmk.SCRIPT,
            {"NOTIFY_NOTIFICATIONTYPE": "PROBLEM", "NOTIFY_WHAT": "SERVICE", "NOTIFY_HOSTNAME": "db1",
             "NOTIFY_SERVICEDESC": 'disk "/" & more', "NOTIFY_SERVICESTATE": "CRIT"},
            'disk "/" & more on db1 is CRIT',
        ),
        (
            f"{netdata.SENDER}\nstatus=CRITICAL\ncustom_sender",
            {"host": "db1", "name": "ram_in_use", "chart": "system.ram", "alarm": "RAM = 93 %"},
            "ram_in_use on db1",
        ),
    ],
    ids=["checkmk", "netdata"],
)  # fmt: skip
def test_what_a_script_sends_is_read(tmp_path: Path, script: str, environment: dict[str, str], title: str) -> None:
    curl = tmp_path / "curl"
    curl.write_text(CURL)
    curl.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", script], env={**environment, **path}, capture_output=True, text=True, check=True
    )
    words = ran.stdout.split("\0")
    pairs = [words[place + 1].partition("=") for place, word in enumerate(words) if word == "--data-urlencode"]
    body = "&".join(f"{name}={quote_plus(value)}" for name, _, value in pairs).encode()
    sent = request(body, "", "application/x-www-form-urlencoded")
    (signal,) = choose("auto", sent).parse(sent, {}).signals
    assert (signal.status, signal.title) == ("firing", title)
    assert any(word.startswith("MUSTER-ADDRESS/") for word in words)
