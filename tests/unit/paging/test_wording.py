"""Pages read well at 03:00, whatever an alert's text holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.kit.link import Link
from muster.paging.channel import Message, MessageKind
from muster.paging.wording import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    MessageFacts,
    compose,
    shorten_bytes,
    subject,
    with_links,
)

NOW = datetime(2026, 11, 22, 23, 2, tzinfo=UTC)


def facts(**changes: Any) -> MessageFacts:
    """An ordinary page, with changes."""
    values: dict[str, Any] = {
        "delivery_id": UUID(int=7),
        "idempotency_key": "delivery:7:1",
        "kind": MessageKind.PAGE,
        "severity": "critical",
        "incident_ref": "INC-142",
        "title": "Checkout returns errors",
        "happening": "12 % of payments fail.",
        "why": "You are on call for Checkout until Monday 09:00.",
        "url": "https://muster.example/incidents/INC-142",
        "created_at": NOW,
        "acknowledge_url": "https://muster.example/a/token",
        "acknowledge_by": NOW + timedelta(minutes=5),
        "then": "If nobody does, Ben Okafor is paged.",
        "since": NOW - timedelta(minutes=2),
        "affected": ("Checkout", "Payments"),
        "next_steps": ("Look at the payment provider's status page.",),
        "guides": (Link("Runbook", "https://wiki.example/checkout"),),
        "zone": "Europe/Berlin",
    }
    return MessageFacts(**{**values, **changes})


def test_a_page_says_what_next_by_when_and_why() -> None:
    message = compose(facts())
    assert message.subject == "CRITICAL INC-142: Checkout returns errors"
    assert message.body == (
        "What is happening\n"
        "12 % of payments fail.\n"
        "Affected: Checkout, Payments.\n"
        "Since 00:00 Europe/Berlin.\n\n"
        "What to do next\n"
        "1. Acknowledge, so that everybody knows you have it.\n"
        "2. Look at the payment provider's status page.\n\n"
        "By when\n"
        "Acknowledge by 00:07 Europe/Berlin. If nobody does, Ben Okafor is paged.\n\n"
        "Why you\n"
        "You are on call for Checkout until Monday 09:00."
    )
    assert with_links(message).endswith(
        "\n\nAcknowledge: https://muster.example/a/token\n"
        "Open INC-142: https://muster.example/incidents/INC-142\n"
        "Runbook: https://wiki.example/checkout"
    )


def test_another_day_is_named_and_an_unknown_zone_falls_back() -> None:
    late = compose(facts(acknowledge_by=NOW + timedelta(days=1), zone="Mars/Olympus"))
    assert "Acknowledge by Mon 23 Nov 23:02 UTC." in late.body


def test_only_a_page_asks_to_acknowledge() -> None:
    for kind in (MessageKind.TEST, MessageKind.NOTICE, MessageKind.RESOLVED):
        message = compose(facts(kind=kind))
        assert bool(message.acknowledge_url) == (kind is MessageKind.TEST), "a test's link proves the contact"
        assert "cknowledge" not in message.body
        assert message.subject.startswith(kind.value.upper())


def test_a_key_is_safe_for_every_provider() -> None:
    assert compose(facts()).key == "delivery-7-1"
    assert compose(facts(idempotency_key="")).key == str(UUID(int=7))


anything = st.text(st.characters(exclude_categories=[]))


@given(anything, anything, anything, st.lists(anything, max_size=4), st.sampled_from(MessageKind))
def test_no_text_breaks_a_subject_or_a_body(
    title: str, happening: str, severity: str, steps: list[str], kind: MessageKind
) -> None:
    message: Message = compose(
        facts(title=title, happening=happening, severity=severity, next_steps=tuple(steps), kind=kind)
    )
    assert 0 < len(message.subject) <= LONGEST_SUBJECT
    assert len(message.body) <= LONGEST_BODY
    assert len(message.subject.splitlines()) == 1
    (message.subject + message.body).encode()
    assert not set(message.subject + message.body) & set("\0\r\x1b\u202e")


@given(st.text(), st.integers(10, 60))
def test_shortening_keeps_within_bytes(text: str, limit: int) -> None:
    assert len(shorten_bytes(text, limit).encode("utf-8", "replace")) <= limit


def test_severity_and_incident_survive_a_long_title() -> None:
    line = subject(MessageKind.PAGE, "high", "INC-9", "x" * 300)
    assert line.startswith("HIGH INC-9: xxx")
    assert len(line) == LONGEST_SUBJECT
    assert subject(MessageKind.TEST, "", "", "") == "TEST"


def test_a_drill_says_so_before_anything_else() -> None:
    message = compose(facts(drill=True))
    assert message.subject == "Drill: CRITICAL INC-142: Checkout returns errors"
    assert message.body.startswith(
        "This is a drill\nNothing is wrong. Act as you would if it were real.\n\nWhat is happening"
    )
