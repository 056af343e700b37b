"""HTTP answers become receipts with the provider's own words."""

from datetime import timedelta

import pytest

from muster.base.http import ParsedUrl, Response
from muster.channels.http_receipts import LONGEST_WAIT, never_raises, read_answer, wait_of
from muster.paging.channel import Receipt, SendOutcome

HERE = ParsedUrl("https", "hooks.example", 443, "/very/secret")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *[(status, SendOutcome.HANDED_OVER) for status in (200, 201, 202, 204)],
        *[(status, SendOutcome.REFUSED) for status in (301, 302, 307, 400, 401, 403, 404, 405, 410, 413, 422)],
        *[(status, SendOutcome.RETRY) for status in (408, 425, 429, 500, 502, 503, 504)],
    ],
)
def test_each_status_has_its_outcome_and_sentence(status: int, outcome: SendOutcome) -> None:
    receipt = read_answer(HERE, Response(status, {}, b"some words"))
    assert receipt.outcome is outcome
    assert "hooks.example" in receipt.reason
    assert "secret" not in receipt.reason
    assert str(status) in receipt.reason
    assert ("some words" in receipt.reason) is (status >= 400)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "7"}, timedelta(seconds=7)),
        ({"retry-after": "999999999999"}, LONGEST_WAIT),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 02 Mar 2026 09:00:30 GMT"}, None),
        (
            {"retry-after": "Mon, 02 Mar 2026 09:00:30 GMT", "date": "Mon, 02 Mar 2026 09:00:00 GMT"},
            timedelta(seconds=30),
        ),
        ({"retry-after": "Mon, 02 Mar 2026 08:00:00 GMT", "date": "Mon, 02 Mar 2026 09:00:00 GMT"}, timedelta(0)),
    ],
)
def test_the_asked_wait_is_read(headers: dict[str, str], wait: timedelta | None) -> None:
    assert wait_of(Response(429, headers, b"")) == wait


async def test_what_nobody_foresaw_is_a_refusal() -> None:
    @never_raises
    async def send() -> Receipt:
        raise RuntimeError("unforeseen")

    receipt = await send()
    assert receipt.outcome is SendOutcome.REFUSED
    assert "RuntimeError" in receipt.reason
