"""Starts `muster` commands by forking a process that has imported everything: a command in 50 ms instead of 1 s of a CPU.

What runs is the program itself, in a process of its own, with its own arguments, environment and streams. That it also starts
from nothing is for the tests of the command line and of start-up, which run it in the ordinary way.

`python tests/zygote.py SOCKET` is the process that is forked; `spawn` asks it for a child.
"""

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
_MOST_BYTES = 1 << 20


class Child:
    """A process that the zygote started, as `asyncio.subprocess.Process` would be."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._writer = writer
        self._ended = asyncio.ensure_future(self._watch(reader))

    async def wait(self) -> int:
        """Its exit code; minus the signal that ended it."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.returncode is None:
            os.kill(self.pid, number)

    async def _watch(self, reader: asyncio.StreamReader) -> int:
        line = await reader.readline()
        self.returncode = int(line) if line else -signal.SIGKILL
        self._writer.close()
        return self.returncode


async def spawn(
    words: Sequence[str], environment: Mapping[str, str], *, stdin: IO[bytes], stdout: IO[bytes], stderr: IO[bytes]
) -> Child:
    """Run `muster WORDS…` in a session of its own."""
    link = socket.socket(socket.AF_UNIX)
    link.connect(_zygote())
    order = json.dumps([list(words), dict(environment)]).encode()
    socket.send_fds(link, [len(order).to_bytes(4, "big")], [stdin.fileno(), stdout.fileno(), stderr.fileno()])
    link.sendall(order)
    link.setblocking(False)
    reader, writer = await asyncio.open_unix_connection(sock=link)
    return Child(int(await reader.readline()), reader, writer)


_address = ""


def _zygote() -> str:
    """The socket of this test process's zygote, started when it is first needed."""
    global _address
    if not _address:
        folder = tempfile.TemporaryDirectory(prefix="muster-zygote-")
        _address = f"{folder.name}/socket"
        process = subprocess.Popen([sys.executable, __file__, _address], cwd=ROOT)
        atexit.register(folder.cleanup)
        atexit.register(process.kill)
        while not os.path.exists(_address):
            if process.poll() is not None:
                raise AssertionError("The process that tests fork from did not start.")
            time.sleep(0.01)
    return _address


def _serve(address: str) -> None:
    _import_everything()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address + ".new")
    listener.listen(64)
    os.rename(address + ".new", address)
    parent = os.getppid()
    children: dict[int, socket.socket] = {}
    while os.getppid() == parent:
        ready, _, _ = select.select([listener, ours], [], [], 1)
        if ours in ready:
            ours.recv(4096)
            _reap(children)
        if listener in ready:
            link, _ = listener.accept()
            pid = _fork(link, [listener, ours, theirs, *children.values()])
            link.sendall(b"%d\n" % pid)
            children[pid] = link


def _reap(children: dict[int, socket.socket]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with children.pop(pid) as link:
            try:
                link.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
            except OSError:
                continue


def _fork(link: socket.socket, others: Sequence[socket.socket]) -> int:
    head, streams, _, _ = socket.recv_fds(link, 4, 3)
    size, order = int.from_bytes(head, "big"), b""
    while len(order) < size:
        order += link.recv(min(_MOST_BYTES, size - len(order)))
    words, environment = json.loads(order)
    pid = os.fork()
    if pid:
        for stream in streams:
            os.close(stream)
        return pid
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for one in (link, *others):
        one.close()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["muster", *words]
    os._exit(_run())


def _run() -> int:
    from muster.app.cli import main

    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 120
    return code


def _import_everything() -> None:
    from importlib import import_module

    from muster.base.features import installed

    places = [place for feature in installed() for place in feature.commands.values()]
    for place in ("app.cli:", "app.serve:", *places):
        import_module(f"muster.{place.partition(':')[0]}")


if __name__ == "__main__":
    _serve(sys.argv[1])
