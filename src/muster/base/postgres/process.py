"""One process of PostgreSQL under the running event loop: started, listened to, waited for."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from muster.base.postgres.account import SystemUser

LAUNCHER = Path(__file__).with_name("launch.py")
REMEMBERED_LINES = 60

# Nothing of the person's environment: PGOPTIONS, PGPORT or a locale there must not change the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Process:
    """A child process whose output lines go to a callback; the last ones are kept to explain a failure.

    `spawn` must be called on the thread of the event loop: the kernel sends the parent-death signal when the *thread*
    that started the child ends.
    """

    def __init__(self, popen: "subprocess.Popen[bytes]", on_line: Callable[[str], None]) -> None:
        self._popen = popen
        self._on_line = on_line
        self._loop = asyncio.get_running_loop()
        self._exited: asyncio.Future[int] = self._loop.create_future()
        self._partial = b""
        self.tail: deque[str] = deque(maxlen=REMEMBERED_LINES)
        assert popen.stdout is not None
        self._output = popen.stdout
        os.set_blocking(self._output.fileno(), False)
        self._loop.add_reader(self._output.fileno(), self._read)
        self._watch_exit()

    @classmethod
    def spawn(
        cls,
        command: Sequence[str | Path],
        account: SystemUser,
        cwd: Path,
        death: signal.Signals,
        on_line: Callable[[str], None],
    ) -> Self:
        """Start `command` as `account`, in a session of its own so that Ctrl-C reaches Muster only, which stops it in order.

        `death` is the signal it gets should this process die. Raises OSError if not even the launcher starts.
        """
        launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
        identity = [str(number) for number in (os.getpid(), account.uid, account.gid, int(death))]
        popen = subprocess.Popen(
            [*launcher, *identity, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        return cls(popen, on_line)

    @property
    def pid(self) -> int:
        """The process id; the launcher's and the program's are the same."""
        return self._popen.pid

    @property
    def has_exited(self) -> bool:
        """Whether the process has ended."""
        return self._exited.done()

    async def wait(self) -> int:
        """Wait for the end; the exit status, negative for a signal. Cancelling the wait leaves the process alone."""
        return await asyncio.shield(self._exited)

    def send(self, which: signal.Signals) -> None:
        """Send a signal, if the process still runs."""
        if not self.has_exited:
            self._popen.send_signal(which)

    def _watch_exit(self) -> None:
        try:
            descriptor = os.pidfd_open(self.pid)
        except (AttributeError, OSError):  # an old kernel, or not Linux
            self._poll_exit()
            return

        def on_exit() -> None:
            self._loop.remove_reader(descriptor)
            os.close(descriptor)
            self._finish(self._popen.wait())

        self._loop.add_reader(descriptor, on_exit)

    def _poll_exit(self) -> None:
        status = self._popen.poll()
        if status is None:
            self._loop.call_later(0.05, self._poll_exit)
        else:
            self._finish(status)

    def _finish(self, status: int) -> None:
        # An orphaned backend may hold the pipe open for long after the server: take what is there and leave.
        self._read()
        self._close_output()
        if not self._exited.done():
            self._exited.set_result(status)

    def _read(self) -> None:
        if self._output.closed:
            return
        while True:
            try:
                chunk = os.read(self._output.fileno(), 65536)
            except BlockingIOError:
                return
            if not chunk:
                self._close_output()
                return
            *lines, self._partial = (self._partial + chunk).split(b"\n")
            for line in lines:
                self._emit(line)

    def _emit(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            self.tail.append(text)
            self._on_line(text)

    def _close_output(self) -> None:
        if not self._output.closed:
            self._emit(self._partial)
            self._partial = b""
            self._loop.remove_reader(self._output.fileno())
            self._output.close()
