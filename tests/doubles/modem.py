"""A modem at the other end of a pseudo-terminal: it speaks AT commands in PDU mode, written down here from TS 27.005 and 23.040."""

import asyncio
import os
import pty
import re
import tty
from typing import Any


class Modem:
    """`async with Modem() as modem: …; modem.device; modem.sent; modem.reports(reference, 0x00); modem.receives(pdu)`.

    `errors` are what the next sendings are answered with (`+CMS ERROR: 28`); `silent` lets it answer nothing at all.
    """

    def __init__(self, *, pin: str = "") -> None:
        self.sent: list[tuple[int, str]] = []
        self.errors: list[str] = []
        self.silent = False
        self.commands: list[str] = []
        self.stored: dict[int, str] = {}
        self._pin, self._ready = pin, not pin
        self._reference, self._buffer, self._length = 0, b"", 0
        self.emptied = asyncio.Event()

    async def __aenter__(self) -> "Modem":
        self._fd, self._other = pty.openpty()
        tty.setraw(self._other)
        self.device = os.ttyname(self._other)
        os.set_blocking(self._fd, False)
        asyncio.get_running_loop().add_reader(self._fd, self._readable)
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.unplug()

    def unplug(self) -> None:
        """Go away."""
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            os.close(self._other)
            self._fd = -1

    def reports(self, reference: int, status: int) -> None:
        """The network reports on a message, unasked."""
        unit = f"0006{reference:02X}0B915121551532F4" + "62302090000000" + "62302090100000" + f"{status:02X}"
        self._say(f"\r\n+CDS: {len(unit) // 2 - 1}\r\n{unit}\r\n")

    def receives(self, unit: str) -> None:
        """A message arrives and is stored."""
        place = max(self.stored, default=0) + 1
        self.stored[place] = unit
        self.emptied.clear()
        self._say(f'\r\n+CMTI: "SM",{place}\r\n')

    def _say(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def _readable(self) -> None:
        try:
            self._buffer += os.read(self._fd, 4096)
        except OSError:
            return
        while True:
            if self._length:
                if b"\x1a" not in self._buffer:
                    return
                unit, _, self._buffer = self._buffer.partition(b"\x1a")
                self._send(unit.decode().strip())
                continue
            if b"\r" not in self._buffer:
                return
            line, _, self._buffer = self._buffer.partition(b"\r")
            self._command(line.decode().strip())

    def _send(self, unit: str) -> None:
        length, self._length = self._length, 0
        assert len(unit) // 2 == length + 1, f"AT+CMGS={length} and {len(unit) // 2} bytes"
        if self.errors:
            self._say(f"\r\n{self.errors.pop(0)}\r\n")
            return
        self._reference = (self._reference + 1) % 256
        self.sent.append((self._reference, unit))
        self._say(f"\r\n+CMGS: {self._reference}\r\n\r\nOK\r\n")

    def _command(self, text: str) -> None:
        self.commands.append(text)
        if self.silent or not text:
            return
        answer = ""
        if found := re.fullmatch(r"AT\+CMGS=(\d+)", text):
            self._length = int(found[1])
            self._say("\r\n> ")
            return
        if text == "AT+CPIN?":
            answer = "+CPIN: READY" if self._ready else "+CPIN: SIM PIN"
        elif found := re.fullmatch(r'AT\+CPIN="(\w+)"', text):
            self._ready = found[1] == self._pin
            if not self._ready:
                self._say("\r\n+CME ERROR: 16\r\n")
                return
        elif text == "AT+CMGL=4":
            answer = "\r\n".join(
                f"+CMGL: {place},0,,{len(unit) // 2 - 1}\r\n{unit}" for place, unit in self.stored.items()
            )
        elif found := re.fullmatch(r"AT\+CMGD=(\d+)", text):
            self.stored.pop(int(found[1]), None)
            if not self.stored:
                self.emptied.set()
        elif text != "ATE0" and (text not in ("AT+CMEE=1", "AT+CMGF=0", "AT+CNMI=2,1,0,1,0") or not self._ready):
            self._say("\r\nERROR\r\n")
            return
        self._say(f"\r\n{answer}\r\n\r\nOK\r\n" if answer else "\r\nOK\r\n")
