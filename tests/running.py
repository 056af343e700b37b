"""A real Muster in a process of its own: started, driven by its command line and API, killed and started again."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

import httpx2

from tests.places import QUICK
from tests.zygote import Child, spawn

PASSWORD = "correct horse battery staple"
ADMIN = "admin@contoso.example"


def free_port() -> int:
    """A port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """`async with Running() as muster: await muster.init(); await muster.cli("incident", "list")`.

    `settings` are MUSTER_ variables without their prefix, such as `smtp_port=2525`. Processes are forked from one that has
    imported everything; `cold` starts them from nothing, as a user does. `before` are words of a shell before the server
    starts, such as `ulimit -n 128`; then it starts cold.
    """

    def __init__(self, *, cold: bool = False, before: str = "", **settings: object) -> None:
        self.cold, self._before = cold, before
        self.folder = Path(tempfile.mkdtemp(prefix="muster-run-", dir=QUICK))
        # The embedded server's unprivileged user passes through to its own files.
        self.folder.chmod(0o711)
        self.port = int(str(settings.get("port") or free_port()))
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = ""
        self.log = self.folder / "log"
        self._process: asyncio.subprocess.Process | Child | None = None
        self._settings = {
            "DATA_DIR": self.folder / "data",
            "PORT": self.port,
            "ALLOW_PRIVATE_TARGETS": 1,
            **{name.upper(): value for name, value in settings.items()},
        }

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the server and of commands that talk to it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
        ours = {f"MUSTER_{name}": str(value) for name, value in self._settings.items()}
        return {**clean, **ours, "MUSTER_URL": self.url, "MUSTER_TOKEN": self.token, "COLUMNS": "200"}

    async def start(self) -> None:
        """Start the server and wait until it is ready."""
        await self.launch()
        await self.until_ready()

    async def launch(self, log: IO[bytes] | None = None) -> None:
        """Start the server, and wait for nothing; it prints into `self.log`, or where it is told."""
        with contextlib.ExitStack() as stack:
            into = log or stack.enter_context(self.log.open("ab"))
            self._process = await self._start(("serve",), self.environment, into, into)

    async def until_ready(self) -> None:
        """Wait until the server is ready."""
        assert self._process is not None
        async with httpx2.AsyncClient(trust_env=False) as http:
            for _ in range(600):
                if self._process.returncode is not None:
                    break
                try:
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"Muster did not become ready:\n{self.log.read_text()[-4000:]}")

    async def ended(self, within: float = 60) -> int:
        """The server's exit code, once it ended by itself."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), within)

    def signal(self, number: int) -> None:
        """Send the server a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def kill(self) -> None:
        """kill -9 of Muster; what it started goes with it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """Stop in order."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), 30)

    async def init(self) -> None:
        """Make the first administrator; commands and API calls act as them from here on."""
        words = ("init", "--org", "Contoso", "--admin-email", ADMIN, "--admin-password-stdin", "--json")
        self.token = json.loads(await self.cli(*words, given=PASSWORD + "\n"))["token"]

    async def apply(self, text: str, *, code: int = 0) -> str:
        """`muster apply` of a text."""
        return await self.cli("apply", "-f", "-", given=text, code=code)

    async def cli(
        self, *words: str, code: int = 0, given: str = "", token: str | None = None, complaints: bool = False
    ) -> str:
        """Run `muster …` and return what it printed; it must end with `code`.

        With `complaints`, or where it fails, what it says on stderr follows.
        """
        environment = self.environment if token is None else {**self.environment, "MUSTER_TOKEN": token}
        with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            into.write(given.encode())
            into.seek(0)
            ended = await (await self._start(words, environment, out, err, into)).wait()
            said, complained = (_content(stream) for stream in (out, err))
        assert ended == code, f"muster {' '.join(words)}: {ended}\n{said}{complained}"
        return said + complained if complaints or code else said

    async def _start(
        self,
        words: Sequence[str],
        environment: dict[str, str],
        out: IO[bytes],
        err: IO[bytes],
        into: IO[bytes] | None = None,
    ) -> "asyncio.subprocess.Process | Child":
        with tempfile.TemporaryFile() as nothing:
            streams = {"stdin": into or nothing, "stdout": out, "stderr": err}
            before = self._before if words[0] == "serve" else ""
            if not self.cold and not before:
                return await spawn(words, environment, **streams)
            shell = ("sh", "-c", f'{before}; exec "$@"', "sh") if before else ()
            return await asyncio.create_subprocess_exec(
                *shell, *_muster(*words), env=environment, start_new_session=True, **streams
            )

    async def json(self, *words: str, token: str | None = None) -> Any:
        """Run `muster … --json` and return what it printed."""
        return json.loads(await self.cli(*words, "--json", token=token))

    async def token_of(self, person: str, *scopes: str) -> str:
        """A token of somebody else: they set their password by the link, sign in with it, and make one in the browser."""
        link = (await self.json("person", "password-link", person))["url"]
        async with httpx2.AsyncClient(trust_env=False, base_url=self.url, follow_redirects=True) as browser:
            page = (await browser.get(link)).text
            form = {"csrf": csrf(page), "password": PASSWORD}
            mine = await browser.post(link, data=form, headers={"origin": self.url})
            assert mine.status_code == 200, mine.text
            body = {"name": f"test of {person}", "scopes": list(scopes) or ["*"]}
            headers = {"x-csrf-token": csrf(mine.text), "origin": self.url}
            made = await browser.post("/api/v1/tokens", json=body, headers=headers)
            assert made.status_code == 201, made.text
            return str(made.json()["token"])

    async def api(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> httpx2.Response:
        """Call the API as the administrator, or with another token (empty: without any)."""
        secret = self.token if token is None else token
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            return await http.request(method, f"{self.url}{path}", json=body, headers=headers)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def _content(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def _muster(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-c", "from muster.app.cli import main; main()", *words)
