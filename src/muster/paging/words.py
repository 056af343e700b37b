"""Turns a delivery and its page into the facts that a message is made of: every sentence of it stands here. Pure."""

from datetime import datetime

from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery
from muster.paging.page import Page
from muster.paging.wording import MessageFacts, clock_time

TEST = "This is a test. It took the way that a real page takes."
TAP = "Acknowledge it, as you would a page: that proves that pages reach you here."


def facts_of(
    delivery: Delivery,
    page: Page | None,
    zone: str,
    by: datetime | None,
    url: str,
    link: str | None,
    now: datetime,
    note: str = "",
) -> MessageFacts:
    """What to say; `by` is when the incident must have been acknowledged, `link` acknowledges, or by a test proves, with one tap.

    `note` is all that a notice has to say; where it opens with a paragraph of its own, that is its title.
    """
    if page is None:
        return _without_incident(delivery, zone, url, link, now, note)
    affected = tuple(str(page.facts[name]) for name in ("workload",) if page.facts.get(name))
    return MessageFacts(
        delivery_id=delivery.id,
        idempotency_key=str(delivery.id),
        kind=MessageKind.PAGE,
        severity=page.severity,
        incident_ref=page.ref,
        title=page.title,
        happening=page.summary,
        why=f"{delivery.why} {page.why}",
        url=url,
        created_at=now,
        acknowledge_url=link,
        acknowledge_by=by,
        then=_then(page, zone, now),
        since=page.started_at,
        affected=affected,
        next_steps=(page.next_step,) if page.next_step else (),
        guides=page.links,
        zone=zone,
        context={**page.facts, "policy": page.policy, "step": delivery.step, "person": delivery.person},
        drill=page.drill,
    )


def _then(page: Page, zone: str, now: datetime) -> str:
    if page.next_at is None:
        return ""
    when = clock_time(page.next_at, zone, now)
    if page.step >= len(page.steps):
        return "Nobody is paged after you."
    return f"At {when} step {page.step + 1} of {len(page.steps)} pages others."


def _without_incident(
    delivery: Delivery, zone: str, url: str, link: str | None, now: datetime, note: str
) -> MessageFacts:
    title, _, said = note.partition("\n\n")
    return MessageFacts(
        delivery_id=delivery.id,
        idempotency_key=str(delivery.id),
        kind=delivery.kind,
        severity="",
        incident_ref="",
        title=title if said else "Prove this contact" if note else "Test page from Muster",
        happening=said or note or (f"{TEST} {TAP}" if link else TEST),
        why=delivery.why,
        url=url,
        created_at=now,
        acknowledge_url=link,
        zone=zone,
        context={"person": delivery.person},
    )
