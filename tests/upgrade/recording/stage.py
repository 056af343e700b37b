"""A running Muster as the recording uses it: the API as somebody, addresses of integrations, and patience."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2
import yaml

from tests.running import Running
from tests.upgrade.record import FOLDER

MANIFESTS = FOLDER / "organisation.yaml"


class Stage:
    """`await stage.call("POST", "/incidents/INC-1/acknowledge", by="bo")`; a refusal ends the recording.

    `credentials` are that people have in their hands when it ends: tokens and addresses of feeds.
    """

    def __init__(self, muster: Running) -> None:
        self.muster = muster
        self.tokens: dict[str, str] = {"": muster.token}
        self.credentials: dict[str, str] = {}
        documents = yaml.safe_load_all(MANIFESTS.read_text(encoding="utf-8"))
        self._keys = {text["name"]: text["key"] for text in documents if text["kind"] == "Integration"}

    async def call(self, method: str, path: str, body: Any = None, *, by: str = "", code: int = 0) -> Any:
        """Call the API as a person, or as the first administrator; `code` is the refusal that is expected."""
        if by not in self.tokens:
            self.tokens[by] = await self.muster.token_of(by)
        answer = await self.muster.api(method, f"/api/v1{path}", body, token=self.tokens[by])
        assert answer.status_code == code if code else answer.is_success, f"{method} {path}: {answer.text}"
        if answer.headers.get("content-type", "").startswith("text/csv"):
            return answer.text.splitlines()
        return answer.json() if answer.content else None

    async def send(self, integration: str, path: str, content: Any, *, code: int = 0, **headers: str) -> None:
        """Post what a sender posts."""
        body = {"content": content} if isinstance(content, str) else {"json": content}
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            url = f"{self.muster.url}/i/{self._keys[integration]}{path}"
            answer = await http.post(url, **body, headers=_headers(headers))  # type: ignore[arg-type]
        assert answer.status_code == code if code else answer.is_success, f"{path}: {answer.text}"

    async def incident(self, title: str) -> str:
        """The reference of the incident of that title, once it is there and its first messages are on their way."""

        async def find() -> str:
            items = (await self.call("GET", "/incidents?limit=200"))["items"]
            return next((item["ref"] for item in items if title in item["title"]), "")

        ref = str(await until(find, title))

        async def sent() -> bool:
            pages = await self.call("GET", f"/incidents/{ref}/pages")
            deliveries = [delivery for page in pages for delivery in page["deliveries"]]
            return bool(deliveries) and all(delivery["state"] != "pending" for delivery in deliveries)

        await until(sent, f"pages of {ref}")
        return ref


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Look again until there is something."""
    for _ in range(300):
        if answer := await look():
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
