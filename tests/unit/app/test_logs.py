"""The log may fail in any way without stopping anybody: a full disk, a closed pipe, a reader that hangs."""

import os
import subprocess
import sys

import pytest

from muster.base.logs import Lines

_PROGRAM = """
import sys
from muster.base.logs import announce, configure_logs, dropped_lines
import structlog
configure_logs("info", sys.argv[1])
log = structlog.get_logger("early")
announce("Muster is ready")
class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")
for number in range(200):
    log.error("something", number=number, exc_info=OSError("of a kind"), padding="x" * 1000)
log.error("worse", value=Unspeakable())
assert dropped_lines() >= 1, "it is counted"
sys.exit(7)
"""


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("where", ["/dev/full", "closed pipe", "hanging pipe"])
def test_a_process_whose_output_cannot_be_written_goes_on(form: str, where: str) -> None:
    reading, writing = os.pipe()
    if where == "/dev/full":
        os.close(writing)
        writing = os.open(where, os.O_WRONLY)
    elif where == "closed pipe":
        os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, form], stdout=writing, stderr=writing, timeout=60, check=False
    )
    assert done.returncode == 7


def test_lines_come_out_whole_and_in_order(tmp_path: "os.PathLike[str]") -> None:
    path = os.path.join(tmp_path, "log")
    with open(path, "w", encoding="utf-8") as stream:
        lines = Lines(stream)
        for number in range(500):
            lines.msg(f"line {number}")
        lines.close()
    with open(path, encoding="utf-8") as stream:
        assert stream.read().splitlines() == [f"line {number}" for number in range(500)]
    assert lines.dropped == 0
