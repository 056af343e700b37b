"""Log lines: readable for people, JSON for machines, never a secret, and never in the way of the work they tell of."""

import atexit
import contextlib
import logging
import os
import queue
import sys
import threading
from typing import Any, TextIO

import structlog

from muster.kit.masking import mask_text
from muster.kit.printable import printable

MOST_WAITING = 10_000
"""So many lines wait for a slow reader of the log before further ones are dropped."""
LAST_SECONDS = 1.0
"""For so long the end of the process waits for the last lines to be written."""


class Lines:
    """Writes lines to a stream from a thread of its own.

    A full disk, a closed pipe or a reader that hangs costs log lines; they are counted, and nothing waits for them.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: queue.Queue[str | None] = queue.Queue(MOST_WAITING)
        self.dropped = 0
        self._writer = threading.Thread(target=self._write, name="log", daemon=True)
        self._writer.start()

    def msg(self, line: str) -> None:
        """Take a line; it never raises."""
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self.dropped += 1

    log = debug = info = warn = warning = error = critical = exception = fatal = failure = err = msg

    def close(self) -> None:
        """Give the last lines a moment to be written."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._writer.join(LAST_SECONDS)

    def _write(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):
                self.dropped += 1


_lines: Lines | None = None


def dropped_lines() -> int:
    """How many log lines of this process could not be written."""
    return _lines.dropped if _lines else 0


def configure_logs(level: str, form: str) -> None:
    """Set structlog up once, at start. Lines go to standard error, so that what a command prints stays whole."""
    global _lines
    lines = _lines = Lines(sys.stderr)
    atexit.register(lines.close)
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer() if form == "json" else _console()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if form == "json" else structlog.processors.StackInfoRenderer(),
            _one_line,
            renderer,
            _mask,
        ],
        wrapper_class=_harmless(level, lines),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )


def announce(line: str) -> None:
    """Print a line to whoever started the process; that nobody can read it stops nothing."""
    try:
        print(line, flush=True)  # noqa: T201
    except (OSError, ValueError):
        # The line stays in the stream's buffer, over which the interpreter would stumble at its end.
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        structlog.get_logger("muster").warning("announcement.unread")


def _harmless(level: str, lines: Lines) -> type[Any]:
    """The filtering logger, of which even a value that cannot be rendered makes no exception."""

    class Harmless(structlog.make_filtering_bound_logger(logging.getLevelName(level.upper()))):  # type: ignore[misc]
        def _proxy_to_logger(self, method_name: str, event: str | None = None, *args: Any, **fields: Any) -> Any:
            try:
                return super()._proxy_to_logger(method_name, event, *args, **fields)
            except Exception:
                lines.dropped += 1

    return Harmless


def _mask(logger: object, method: str, line: Any) -> str:
    """The last step: whatever a message, a value or a traceback brought along, in secrets or in signs for a terminal."""
    return printable(mask_text(str(line)))


def _one_line(logger: object, method: str, values: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A value cannot begin a line of its own; tracebacks may."""
    for name, value in values.items():
        if isinstance(value, str) and name not in ("exception", "stack") and ("\n" in value or "\r" in value):
            values[name] = value.replace("\r", "\\r").replace("\n", "\\n")
    return values


def _console() -> structlog.typing.Processor:
    # Plain tracebacks: the pretty ones print local variables, and with them secrets.
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
