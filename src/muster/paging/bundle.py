"""The one readable message that stands for many pages: how many, how bad, the worst by name, and one link for all. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from muster.paging.channel import Message, MessageKind
from muster.paging.delivery import Delivery
from muster.paging.page import Page
from muster.paging.wording import DRILL, LONGEST_BODY, clean, one_line, shorten, subject

MOST_NAMED = 8
_LONGEST_LINE = 140


def worst_first(members: Sequence[tuple[Delivery, Page]], severities: Sequence[str]) -> list[Page]:
    """The pages of a bundle, one for each incident, the worst and then the oldest first; what the plan does not know counts
    as the worst."""
    rank = {name: number for number, name in enumerate(severities)}
    pages = {page.incident_id: page for _, page in reversed(members)}
    return sorted(pages.values(), key=lambda page: (rank.get(page.severity, 0), page.started_at, page.ref))


def bundle_message(
    id: UUID,
    members: Sequence[tuple[Delivery, Page]],
    severities: Sequence[str],
    alerts: Mapping[UUID, int],
    link: str,
    url: str,
    now: datetime,
) -> Message:
    """The message of a bundle; `severities` stand worst first, `alerts` counts them by incident, `link` acknowledges all."""
    pages = worst_first(members, severities)
    worst, first = pages[0].severity, members[0][0]
    incidents = "1 incident" if len(pages) == 1 else f"{len(pages)} incidents"
    many = sum(alerts.get(page.incident_id, 0) for page in pages)
    counted = f"{many} {'alert' if many == 1 else 'alerts'}, {incidents}" if many else incidents
    named = [_line(page) for page in pages[:MOST_NAMED]]
    more = [f"and {len(pages) - MOST_NAMED} more"] if len(pages) > MOST_NAMED else []
    drill = all(page.drill for page in pages)
    parts = [
        *([("This is a drill", DRILL)] if drill else []),
        ("What is happening", "\n".join([f"{counted}: the worst is {worst}.", *named, *more])),
        ("What to do next", "Acknowledge all of them with one tap, or open them one by one."),
        ("Why you", clean(first.why)),
    ]
    return Message(
        delivery_id=id,
        idempotency_key=str(id),
        kind=MessageKind.PAGE,
        severity=worst,
        incident_ref="",
        title=f"{counted}: worst {worst}",
        subject=subject(MessageKind.PAGE, worst, counted, one_line(f"{pages[0].ref} {pages[0].title}"), drill=drill),
        body=shorten("\n\n".join(f"{heading}\n{text}" for heading, text in parts), LONGEST_BODY),
        url=url,
        created_at=now,
        acknowledge_url=link,
        context={"incidents": [page.ref for page in pages[:100]], "person": first.person, "bundle": str(id)},
        drill=drill,
    )


def _line(page: Page) -> str:
    return shorten(
        f"{'Drill: ' if page.drill else ''}{page.severity.upper()} {page.ref}: {one_line(page.title)}", _LONGEST_LINE
    )
