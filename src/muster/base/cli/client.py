"""The command line's HTTP client: a thin, blocking user of the same API as everybody else."""

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2

from muster.base.settings import Settings, read_settings
from muster.base.web import rehearsal
from muster.kit.errors import Fault, Problem, Unavailable


class ApiProblem(Problem):
    """A refusal that came from the server, with the server's words."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        known = Fault.__slots__
        faults = [Fault(**{"field": "", "rule": "", **{k: v for k, v in fault.items() if k in known}})
                  for fault in body.get("faults", [])]  # fmt: skip
        super().__init__(body.get("title", f"HTTP {status}"), body.get("detail", ""), faults)
        self.status = status  # type: ignore[misc]
        self.body = body

    def as_json(self) -> dict[str, Any]:
        return self.body


class Client:
    """Talks to `MUSTER_URL` with `MUSTER_TOKEN`; every write carries an idempotency key of its own."""

    def __init__(self) -> None:
        settings = read_settings(kinds=(Settings,))
        self.url = (settings.url or settings.base_url).rstrip("/")
        headers = {"authorization": f"Bearer {settings.token}"} if settings.token else {}
        self._told = "--json" in sys.argv
        self._http = httpx2.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def get(self, path: str, **query: Any) -> Any:
        """GET a path under /api/v1; unset parameters are left out."""
        return self._send("GET", path, params={k: v for k, v in query.items() if v is not None})

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON to a path under /api/v1."""
        return self._send("POST", path, json=body)

    def put(self, path: str, body: Any = None) -> Any:
        """PUT JSON to a path under /api/v1."""
        return self._send("PUT", path, json=body)

    def patch(self, path: str, body: Any = None) -> Any:
        """PATCH JSON at a path under /api/v1."""
        return self._send("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        """DELETE a path under /api/v1."""
        return self._send("DELETE", path)

    def items(self, path: str, *, most: int = 500, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of a paged list, following its cursors, at most `most`."""
        after, seen = None, 0
        while True:
            page = self.get(path, after=after, limit=min(500, most - seen), **query)
            yield from page["items"]
            seen += len(page["items"])
            after = page.get("next")
            if not after or seen >= most:
                return

    def stream(self, path: str, **query: Any) -> Iterator[bytes]:
        """The body of a long answer, piece by piece."""
        params = {k: v for k, v in query.items() if v is not None}
        with self._reaching(), self._http.stream("GET", f"/api/v1{path}", params=params) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise _problem(answer)
            self._tell(answer)
            yield from answer.iter_bytes()

    def _send(self, method: str, path: str, **kwargs: Any) -> Any:
        headers = {} if method == "GET" else {"idempotency-key": str(uuid4())}
        with self._reaching():
            answer = self._http.request(method, f"/api/v1{path}", headers=headers, **kwargs)
        self._tell(answer)
        if answer.status_code >= 400:
            raise _problem(answer)
        return answer.json() if answer.content else None

    def _tell(self, answer: httpx2.Response) -> None:
        """Say once that the Muster that answers pages nobody. With --json stderr is for refusals alone."""
        if rehearsal.HEADER in answer.headers and not self._told:
            self._told = True
            print(f"REHEARSAL: this Muster pages nobody. {self.url}/readyz says why.", file=sys.stderr)

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx2.HTTPError as error:
            detail = f"{error or type(error).__name__}. Is it running (make up)? Is MUSTER_URL right?"
            raise Unavailable(f"Muster does not answer at {self.url}.", detail) from error


def _problem(answer: httpx2.Response) -> ApiProblem:
    try:
        body = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        body = {}
    return ApiProblem(answer.status_code, body if isinstance(body, dict) else {})
