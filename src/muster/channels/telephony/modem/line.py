"""The serial line: AT commands one after the other, their answers, and what the modem says unasked (3GPP TS 27.005, 27.007)."""

import asyncio
import os
import re
import termios
from collections.abc import Callable
from typing import Any

_FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|BUSY|NO ANSWER")
_UNASKED = re.compile(r"\+(CMTI|CDS|CDSI|CMT|CREG|CUSD|CLIP)[:\s]|RING$")
_WITH_DATA = ("+CDS:", "+CMT:")
_SPEEDS = {9600: termios.B9600, 19200: termios.B19200, 57600: termios.B57600, 115200: termios.B115200}
LONGEST = 64 * 1024


class NoModem(Exception):
    """The modem cannot be used; the message is a sentence."""


class ModemError(Exception):
    """The modem answered with an error: `+CMS ERROR: 500`."""


class ModemLine:
    """An open line. `unasked` gets what the modem says by itself: its line, and the data line that follows some of them."""

    def __init__(self, device: str, speed: int, unasked: Callable[[str, str], None]) -> None:
        self._device, self._unasked = device, unasked
        self._loop = asyncio.get_running_loop()
        try:
            self._fd = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise NoModem(f"The modem at {device} cannot be opened: {error.strerror}.") from error
        try:
            _make_raw(self._fd, _SPEEDS.get(speed, termios.B115200))
        except termios.error as error:
            os.close(self._fd)
            raise NoModem(f"{device} is no serial line.") from error
        self._buffer = b""
        self._lines: list[str] = []
        self._answer: asyncio.Future[list[str]] | None = None
        self._prompt: asyncio.Future[None] | None = None
        self._heading = ""
        self._turn = asyncio.Lock()
        self.closed = asyncio.Event()
        self._loop.add_reader(self._fd, self._readable)

    async def command(self, text: str, *, data: str = "", within: float = 10.0) -> list[str]:
        """Send a command and give the lines of its answer; `data` is what follows the prompt of AT+CMGS.

        Raises:
            ModemError: the modem refused it.
            NoModem: it does not answer.
        """
        async with self._turn:
            answer: asyncio.Future[list[str]] = self._loop.create_future()
            self._answer, self._lines = answer, []
            prompt: asyncio.Future[None] | None = self._loop.create_future() if data else None
            self._prompt = prompt
            try:
                async with asyncio.timeout(within):
                    await self._write(f"{text}\r")
                    if prompt is not None:
                        either: set[asyncio.Future[Any]] = {prompt, answer}
                        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                        if prompt.done():
                            await self._write(f"{data}\x1a")
                    return await answer
            except TimeoutError as error:
                if data:
                    os.write(self._fd, b"\x1b")
                raise NoModem(f"The modem at {self._device} did not answer within {within:g} seconds.") from error
            finally:
                self._answer = self._prompt = None

    def close(self) -> None:
        """Close the line."""
        if self.closed.is_set():
            return
        self.closed.set()
        self._loop.remove_reader(self._fd)
        os.close(self._fd)
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoModem(f"The modem at {self._device} went away."))

    async def _write(self, text: str) -> None:
        if self.closed.is_set():
            raise NoModem(f"The modem at {self._device} went away.")
        left = text.encode("ascii", "replace")
        while left:
            try:
                left = left[os.write(self._fd, left) :]
            except BlockingIOError:
                await asyncio.sleep(0.01)
            except OSError as error:
                self.close()
                raise NoModem(f"The modem at {self._device} went away: {error.strerror}.") from error

    def _readable(self) -> None:
        try:
            got = os.read(self._fd, 4096)
        except BlockingIOError:
            return
        except OSError:
            got = b""
        if not got:
            self.close()
            return
        self._buffer = (self._buffer + got)[-LONGEST:]
        if self._prompt is not None and not self._prompt.done() and self._buffer.lstrip(b"\r\n").startswith(b">"):
            self._buffer = b""
            self._prompt.set_result(None)
        while b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            if text := line.decode("ascii", "replace").strip():
                self._take(text)

    def _take(self, line: str) -> None:
        if self._heading:
            heading, self._heading = self._heading, ""
            self._unasked(heading, line)
        elif _UNASKED.match(line):
            if line.startswith(_WITH_DATA):
                self._heading = line
            else:
                self._unasked(line, "")
        elif self._answer is not None and not self._answer.done():
            if not _FINAL.fullmatch(line):
                self._lines.append(line)
            elif line == "OK":
                self._answer.set_result(self._lines)
            else:
                self._answer.set_exception(ModemError(line))


def _make_raw(fd: int, speed: int) -> None:
    attributes = termios.tcgetattr(fd)
    attributes[0] = attributes[1] = attributes[3] = 0
    attributes[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    attributes[4] = attributes[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
