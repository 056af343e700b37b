"""PostgreSQL's log lines in Muster's log, each at the level that it has for Muster's operator."""

import re
from typing import Any, Protocol


class Log(Protocol):
    """What is needed of a structlog logger."""

    def debug(self, event: str, /, **fields: Any) -> Any: ...
    def info(self, event: str, /, **fields: Any) -> Any: ...
    def warning(self, event: str, /, **fields: Any) -> Any: ...
    def error(self, event: str, /, **fields: Any) -> Any: ...


_LINE = re.compile(r"(?P<who>[a-z][a-z -]*)\|(?P<level>[A-Z0-9]+): +(?P<text>.*)")


def level_of(line: str) -> str:
    """debug, info, warning or error: what a client is told anyway is no news, a fault of the server is."""
    match = _LINE.fullmatch(line)
    if match is None or match["level"] in ("LOG", "INFO", "NOTICE", "DETAIL", "HINT", "CONTEXT", "STATEMENT"):
        return "debug"
    if match["level"] == "PANIC":
        return "error"
    if match["who"] == "client backend":
        return "info" if match["level"] == "FATAL" else "debug"
    return "warning" if match["level"] == "WARNING" else "error"


def relay(log: Log, line: str) -> None:
    """Write one line of the server's output to `log`."""
    getattr(log, level_of(line))("postgresql", line=line)
