"""What the page of components (`/styleguide`) shows: invented, and the same at every look."""

from datetime import datetime, timedelta
from typing import Any

from muster.base.web.view import Flash
from muster.kit.errors import Fault, Invalid


def samples(now: datetime) -> dict[str, Any]:
    """The context of `desk/styleguide.html`, with times around `now`."""

    def before(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    fault = Fault("email", "This is not an e-mail address.", "Write it as name@example.com.")
    return {
        "at": {"past": before(192), "soon": now + timedelta(minutes=3, seconds=20), "later": now + timedelta(hours=5)},
        "before": {"ten": before(10), "hour": before(60), "day": before(1440)},
        "clocks": [
            (now + timedelta(minutes=24), before(6)),
            (now + timedelta(minutes=3, seconds=20), before(11)),
            (before(4), before(19)),
            (now + timedelta(days=4), before(60)),
        ],
        "fault": fault,
        "problem": Invalid("The schedule was not saved.", "One of its fields breaks a rule.", [fault]),
        "flashes": [Flash("INC-142 is acknowledged."), Flash("Your password expires in 3 days.", "notice")],
        "obligations": _obligations(now),
        "entries": _entries(now),
        "again": {**_entries(now)[0], "id": "sample-4"},
        "again_obligation": {**_obligations(now)[1], "id": "sample-again"},
        "steps": _steps(now),
        **_coverage(),
    }


def _obligations(now: datetime) -> list[dict[str, Any]]:
    common: dict[str, Any] = dict.fromkeys(("met_at", "action", "due", "started"))
    common |= {"blocked_by": [], "why": "", "met_by": ""}
    return [
        {
            **common,
            "id": "sample-update",
            "title": "Send the next update to customers",
            "who": "You, as Communications Lead",
            "mine": True,
            "state": "open",
            "due": now + timedelta(minutes=8),
            "started": now - timedelta(minutes=22),
            "why": "The plan asks for an update every 30m while the severity is critical.",
            "action": {"label": "Write update", "url": "#", "method": "get", "key": "u"},
        },
        {
            **common,
            "id": "sample-close",
            "title": "Close the incident",
            "who": "The Incident Response Manager",
            "mine": False,
            "state": "blocked",
            "blocked_by": ["Two alerts are still firing.", "The closing notice has not been sent."],
        },
        {
            **common,
            "id": "sample-ack",
            "title": "Acknowledge",
            "who": "",
            "mine": False,
            "state": "met",
            "due": now - timedelta(minutes=50),
            "met_by": "Ana Sousa",
            "met_at": now - timedelta(minutes=52),
        },
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    common = {"weight": "", "actor": "", "detail": "", "note": "", "reasons": [], "question": ""}
    return [
        {
            **common,
            "id": "sample-3",
            "at": now - timedelta(minutes=2),
            "icon": "note",
            "actor": "Ana Sousa",
            "what": "wrote a note",
            "note": "Rolled `web` back to **4.1.7**; error rate is falling.",
        },
        {
            **common,
            "id": "sample-2",
            "at": now - timedelta(minutes=9),
            "icon": "clock",
            "weight": "breach",
            "what": "The acknowledge clock ran out",
            "reasons": [
                "Critical incidents are to be acknowledged within 5m.",
                "Ben Okoro was paged and did not answer.",
            ],
            "question": "Why was the next person paged?",
        },
        {
            **common,
            "id": "sample-1",
            "at": now - timedelta(minutes=14),
            "icon": "incident",
            "weight": "strong",
            "what": "Incident opened",
            "detail": "From the alert HighErrorRate of web.",
        },
    ]


def _steps(now: datetime) -> list[dict[str, Any]]:
    return [
        {"name": "triggered", "at": now - timedelta(minutes=14)},
        {"name": "acknowledged", "at": now - timedelta(minutes=10)},
        {"name": "mitigated", "at": None},
        {"name": "resolved", "at": None},
        {"name": "closed", "at": None},
    ]


def _coverage() -> dict[str, Any]:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ticks = [
        {"at": round(100 * day / 7, 3), "width": 14.28, "day": name, "number": str(23 + day), "today": day == 2,
         "weekend": day > 4}
        for day, name in enumerate(names)
    ]  # fmt: skip

    def bar(start: float, end: float, *people: str, kind: str = "bar", tint: int = 0) -> dict[str, Any]:
        at, width = round(100 * start / 7, 3), round(100 * (end - start) / 7, 3)
        faces = [{"name": name, "full_name": name, "initials": name[:2].upper(), "tint": tint} for name in people]
        title = f"{' and '.join(people) or 'Nobody'}, day {start:g} to {end:g}"
        return {"at": at, "width": width, "faces": faces, "kind": kind, "title": title, "until": "", "url": "",
                "override": False}  # fmt: skip

    final = [
        bar(0, 2, "Ana Sousa"),
        bar(2, 2.6, "You", kind="mine"),
        bar(2.6, 3.5, "Ana Sousa", "Chen Wei", tint=4),
        bar(3.5, 6, "Ben Okoro", tint=1),
        bar(6, 7, kind="gap"),
    ]
    weekly = [bar(0, 3.5, "Ana Sousa"), bar(3.5, 6, "Ben Okoro", tint=1)]
    lanes = [
        {"label": "On call", "kind": "final", "bars": final},
        {"label": "Overrides", "kind": "override", "bars": [bar(2, 2.6, "You", kind="mine")]},
        {"label": "Shadow", "kind": "shadow", "bars": [bar(0, 7, "Elif Yilmaz", tint=2)]},
        {"label": "weekly", "kind": "layer", "bars": weekly},
    ]
    week = {"ticks": ticks, "lane": lanes[0], "now_at": 34.0, "start": None, "end": None}
    days = [
        {"label": f"{tick['day']} {tick['number']} Nov", "today": tick["today"],
         "entries": [{"bar": bar, "hours": "00:00 to 24:00", "runs": tick["today"]} for bar in final[day : day + 1]]}
        for day, tick in enumerate(ticks[:3])
    ]  # fmt: skip
    return {"ticks": ticks, "rows": lanes, "now_at": 34.0, "weeks": [week], "days": days}
