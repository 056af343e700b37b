"""A mailbox that speaks as much IMAP4rev1 (RFC 3501) as a client that reads unseen mail needs."""

import asyncio
import re
from typing import Any


class Mailbox:
    """`async with Mailbox() as mailbox: mailbox.put(raw); …; mailbox.seen`."""

    def __init__(self, user: str = "page", password: str = "secret") -> None:
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self._login = (user, password)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> "Mailbox":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: Any) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by which Muster reads this mailbox."""
        assert self._server is not None
        port = int(self._server.sockets[0].getsockname()[1])
        user, password = self._login
        return {
            "imap_host": "127.0.0.1",
            "imap_port": port,
            "imap_security": "none",
            "imap_user": user,
            "imap_password": password,
        }

    def put(self, raw: bytes) -> None:
        """A mail arrives."""
        self.mails[len(self.mails) + 1] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        writer.write(b"* OK IMAP4rev1 ready\r\n")
        try:
            while line := await reader.readline():
                tag, command, *rest = line.decode().strip().split(" ", 2)
                writer.write(self._answer(tag, command.upper(), rest[0] if rest else ""))
                if command.upper() == "LOGOUT":
                    break
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    def _answer(self, tag: str, command: str, rest: str) -> bytes:
        done = f"{tag} OK done\r\n".encode()
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n" + done
        if command == "LOGIN":
            user, password = (part.strip('"') for part in rest.split(" ", 1))
            return done if (user, password) == self._login else f"{tag} NO LOGIN failed\r\n".encode()
        if command == "SELECT":
            known = rest.strip('"') == "INBOX"
            return (
                f"* {len(self.mails)} EXISTS\r\n".encode() + done if known else f"{tag} NO no such mailbox\r\n".encode()
            )
        if command == "LOGOUT":
            return b"* BYE\r\n" + done
        if command == "UID" and rest.startswith("SEARCH UNSEEN"):
            return f"* SEARCH {' '.join(str(id_) for id_ in self.mails if id_ not in self.seen)}\r\n".encode() + done
        if command == "UID" and (found := re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]\)", rest)):
            raw = self.mails[int(found[1])]
            head = f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(raw)}}}\r\n".encode()
            return head + raw + b")\r\n" + done
        if command == "UID" and (found := re.fullmatch(r"STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", rest)):
            self.seen.add(int(found[1]))
            return done
        return f"{tag} BAD {command}\r\n".encode()
