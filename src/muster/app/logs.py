"""Log lines: readable for people, JSON for machines, never a secret."""

import logging
import sys

import structlog


def configure_logs(level: str, form: str) -> None:
    """Set structlog up once, at start. Lines go to standard error, so that what a command prints stays whole."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer() if form == "json" else _console()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if form == "json" else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _console() -> structlog.typing.Processor:
    # Plain tracebacks: the pretty ones print local variables, and with them secrets.
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
