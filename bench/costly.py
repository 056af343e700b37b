"""What one person's costly request does to everybody's alerts: the time until an alert is answered, with and without it.

    .venv/bin/python -m bench.costly            # all, some minutes
    .venv/bin/python -m bench.costly calendar   # those with this word in their names

The promise: no request delays an alert by more than 100 ms. `held` is the longest turn of the event loop in processor time, which
counts on a busy machine too; the other figures measure whatever runs beside it as well.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bench.holds import read
from bench.peers import Peer, muster

RATE, AT_LEAST = 25.0, 2.0
PROMISED = 100.0
JSON, FORM = {"content-type": "application/json"}, {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Costly:
    """A request; it is sent `times` after each other while alerts come."""

    name: str
    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"
    times: int = 1


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _plan(text: str) -> bytes:
    return _json({"text": text})


def _alerts(count: int, text: int = 0, name: str = "Flood") -> bytes:
    return _json([{"labels": {"alertname": name, "service": "one", "disk": str(number)},
                   "annotations": {"summary": "x" * text}} for number in range(count)])  # fmt: skip


def _people(count: int) -> str:
    return "---\n".join(
        f"kind: Person\nname: p-{number}\nemail: p-{number}@contoso.example\npermission: responder\n"
        for number in range(count)
    )


def _calendar(events: int) -> str:
    rows = (
        f"BEGIN:VEVENT\nUID:{number}@x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;INTERVAL={number % 7 + 1}\n"
        f"SUMMARY:bo off {number}\nEND:VEVENT\n"
        for number in range(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(rows)}END:VCALENDAR\n".replace("\n", "\r\n")


def requests() -> Iterator[Costly]:
    """All of them; those that leave much behind come last."""
    rules = "name: main\nroutes:\n" + "".join(
        f"  - {{if: 'title == \"{number}\"', to: first}}\n" for number in range(7_000)
    )
    plan = rules[: rules.index('"990"')].rsplit("\n", 1)[0] + "\nescalation: {first: [{notify: ['person:ana']}]}\n"
    post = "POST"
    yield Costly("280,000 unknown fields", post, "/api/v1/apply", _json({f"f{n}": 1 for n in range(280_000)}), times=3)
    yield Costly("7,000 rules", post, "/api/v1/plans/main:validate", _plan(rules), times=3)
    yield Costly("990 rules", post, "/api/v1/plans/main:validate", _plan(plan), times=3)
    yield Costly("1 MB of flat YAML", post, "/api/v1/plans/main:validate", _plan("a: b\n" * 190_000), times=3)
    yield Costly(
        "4 MB of flat YAML", post, "/api/v1/apply", _json({"sources": [{"file": "a", "text": "a: b\n" * 650_000}]})
    )
    yield Costly("JSON of a depth of 1,000,000", post, "/api/v1/apply", b"[" * 1_000_000, times=3)
    yield Costly("1 MB in one text", post, "/api/v1/simulate", _json({"payload": "x" * 999_000}), times=3)
    yield Costly(
        "1 MB of payload",
        post,
        "/api/v1/simulate",
        _json({"payload": json.dumps({"a": ["b" * 30] * 29_000})}),
        times=3,
    )
    yield Costly("7,000 alerts simulated", post, "/api/v1/simulate",
                 _json({"payload": _alerts(7_000).decode(), "path": "/api/v2/alerts"}))  # fmt: skip
    yield Costly("100,000 fields of a form", post, "/sign-in", b"a=1&" * 60_000, FORM["content-type"], 3)
    yield Costly(
        "a form of 250 KB",
        post,
        "/sign-in",
        b"&".join(b"f%d=%s" % (n, b"x" * 110) for n in range(1_900)),
        FORM["content-type"],
        3,
    )
    yield Costly("a query of 16 KB", "GET", "/api/v1/alerts?q=" + "a" * 15_900, times=5)
    yield Costly(
        "20 regular expressions", "GET", "/api/v1/alerts?status=all" + '&filter=disk=~"(a*)*b|.*[0-9]+x"' * 20, times=5
    )
    yield Costly("a huge cursor", "GET", "/api/v1/alerts?after=" + "W1tb" * 120, times=5)
    yield Costly("a calendar of 8,000 rules", post, "/api/v1/calendars",
                 _json({"name": "big", "entries": "holidays", "text": _calendar(8_000)}))  # fmt: skip
    yield Costly("a calendar of 900 rules", post, "/api/v1/calendars",
                 _json({"name": "rules", "entries": "shifts", "text": _calendar(900)}))  # fmt: skip
    users = [
        {"id": f"P{n}", "name": f"Person {n}", "email": f"p{n}@contoso.example", "role": "user"} for n in range(4_000)
    ]
    yield Costly(
        "an export of 4,000 users",
        post,
        "/api/v1/imports/pagerduty?dry_run=true",
        _json({"files": {"users.json": json.dumps({"users": users})}}),
    )
    yield Costly(
        "apply of 5,000 persons", post, "/api/v1/apply", _json({"sources": [{"file": "p", "text": _people(5_000)}]})
    )
    yield Costly(
        "the same again, dry",
        post,
        "/api/v1/apply",
        _json({"dry_run": True, "sources": [{"file": "p", "text": _people(5_000)}]}),
    )
    yield Costly("the list of 5,000 persons", "GET", "/api/v1/persons?limit=500", times=5)
    yield Costly("a report of 9,900 alerts", post, "INTAKE", _alerts(9_900))
    yield Costly("a report of 4 MB of text", post, "INTAKE", _alerts(40, 95_000), times=3)
    yield Costly("its alerts", "GET", "/api/v1/incidents/1/alerts?limit=500", times=5)
    yield Costly("the incident", "GET", "/api/v1/incidents/1", times=5)
    yield Costly("the list of incidents", "GET", "/api/v1/incidents", times=5)
    yield Costly("its page", "GET", "/incidents/INC-1", times=5)
    yield Costly("10,000 alerts as CSV", "GET", "/api/v1/alerts.csv?status=all")
    yield Costly("all alerts by text", "GET", "/api/v1/alerts?status=all&q=nothinglikeit", times=3)
    yield Costly("a false alarm of all", post, "/api/v1/incidents/1/false-alarm", _json({"reason": "A test."}))
    yield Costly("the ledger verified", post, "/api/v1/ledger/verify", b"{}")
    yield Costly("the ledger exported", "GET", "/api/v1/ledger/export")


@dataclass
class Stream:
    """Alerts at a steady rate, each on time whether or not the one before was answered, and how long each took in ms."""

    http: httpx2.AsyncClient
    target: str
    number: int = 0

    async def run(self, until: "asyncio.Future[Any] | asyncio.Task[Any]") -> list[float]:
        """Send until something is done, and at least `AT_LEAST` seconds."""
        began, sent = time.perf_counter(), []
        while not until.done() or time.perf_counter() - began < AT_LEAST:
            self.number += 1
            sent.append(asyncio.create_task(self._send(self.number)))
            await asyncio.sleep(max(0.0, began + len(sent) / RATE - time.perf_counter()))
        return sorted(await asyncio.gather(*sent))

    async def _send(self, number: int) -> float:
        body = [
            {"labels": {"alertname": "Beat", "service": f"s-{number % 50}", "n": str(number % 400)}, "annotations": {}}
        ]
        began = time.perf_counter()
        answer = await self.http.post(f"{self.target}/api/v2/alerts", json=body)
        answer.raise_for_status()
        return (time.perf_counter() - began) * 1000


async def _ask(http: httpx2.AsyncClient, peer: Peer, cost: Costly) -> str:
    url = (
        f"{peer.target}/api/v2/alerts" if cost.path == "INTAKE" else peer.target[: peer.target.index("/i/")] + cost.path
    )
    headers = {"authorization": f"Bearer {peer.token}"} | ({"content-type": cost.kind} if cost.body else {})
    said = ""
    for _ in range(cost.times):
        with suppress(httpx2.HTTPError):
            answer = await http.request(cost.method, url, content=cost.body or None, headers=headers)
            said = f"{answer.status_code}, {len(answer.content) / 1000:,.0f} kB"
            if answer.status_code >= 400:
                said += f" {answer.text[:90]!r} {answer.text[-90:]!r}"
    return said


def _row(name: str, found: list[float], seconds: float, said: str, turns: list[tuple[float, str]]) -> None:
    middle, high, worst = found[len(found) // 2], found[int(len(found) * 0.99)], found[-1]
    held, where = turns[0] if turns else (0.0, "")
    print(f"{name:32} {middle:8.0f} {high:8.0f} {worst:8.0f} {held:8.0f} {seconds:8.1f}  {said}", flush=True)
    if held > PROMISED:
        print(f"{'':32} ABOVE: {len([each for each, _ in turns if each > PROMISED])} turns, {where}", flush=True)


async def main(words: str = "") -> None:
    """Measure and print."""
    print(f"{'request':32} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'held ms':>8} {'s':>8}  answer")
    with tempfile.NamedTemporaryFile() as noted, muster("http://127.0.0.1:9/nobody", "service", noted.name) as peer:
        holds = Path(noted.name)
        limits = httpx2.Limits(max_connections=200)
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=120, limits=limits) as http,
            httpx2.AsyncClient(trust_env=False, timeout=300) as viewer,
        ):
            stream = Stream(http, peer.target)
            await http.post(f"{peer.target}/api/v2/alerts", content=_alerts(1))
            await stream.run(asyncio.create_task(asyncio.sleep(2)))
            base = await stream.run(asyncio.create_task(asyncio.sleep(5)))
            _row("nothing", base, 5, "", read(holds, 0)[0])
            for cost in requests():
                if words not in cost.name:
                    continue
                began = time.perf_counter()
                asked = asyncio.create_task(_ask(viewer, peer, cost))
                _, place = read(holds, 0)
                found = await stream.run(asked)
                turns, _ = read(holds, place)
                _row(cost.name, found, time.perf_counter() - began, asked.result(), turns)


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:])))
