"""Connections to the HTTP port: fewer than the process may have files, and the idlest end where room is short.

The server bounds how many connections it accepts, and ends those whose request does not begin within half a minute. Half a
minute is long for an alert that waits behind idle connections, so near the bound whatever has been silent longest is ended.
"""

import asyncio
import contextlib
import os
import resource
import socket
import struct

import structlog

MOST, FEWEST = 4096, 16
ENOUGH_FILES = 65_536
LOOKS_EVERY = 0.25
SILENT = 500
"""Milliseconds of silence after which a connection may be ended to make room."""
_SINCE = struct.Struct("=44xI4xI")
"""Of Linux' tcp_info: milliseconds since something was last sent, and last received."""

log = structlog.get_logger("muster.web")


def most_connections() -> int:
    """How many connections to accept at once, by what the process may open; it may open as much as it can be allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return max(FEWEST, min(MOST, soft - max(100, soft // 4)))


async def watch_connections(port: int, most: int | None = None) -> None:
    """Run for ever: keep room for whoever comes next."""
    bound = most or most_connections()
    while True:
        await asyncio.sleep(LOOKS_EVERY)
        with contextlib.suppress(OSError):
            if len(os.listdir("/proc/self/fd")) >= bound * 3 // 4 and (ended := make_room(port, bound)):
                log.warning("connections.ended", ended=ended, most=bound, reason="room for others")


def make_room(port: int, most: int) -> int:
    """End the silent connections to our port, the longest silent first, until half of `most` are left; how many ended."""
    with contextlib.ExitStack() as stack:
        found: list[tuple[int, socket.socket]] = []
        for name in os.listdir("/proc/self/fd"):
            if connection := _connection(int(name), port):
                stack.callback(connection.close)
                found.append((_silent(connection), connection))
        if len(found) < most * 3 // 4:
            return 0
        found.sort(key=lambda pair: -pair[0])
        ended = [connection for silent, connection in found[: len(found) - most // 2] if silent >= SILENT]
        for connection in ended:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        return len(ended)


def _connection(number: int, port: int) -> socket.socket | None:
    """A handle of its own on an accepted connection; None for any other file."""
    try:
        copy = os.dup(number)
    except OSError:
        return None
    try:
        connection = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        return None
    try:
        if (
            connection.family in (socket.AF_INET, socket.AF_INET6)
            and connection.getsockname()[1] == port
            and connection.getpeername()
        ):
            return connection
    except OSError:
        pass
    connection.close()
    return None


def _silent(connection: socket.socket) -> int:
    sent, received = _SINCE.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104))
    return min(int(sent), int(received))
