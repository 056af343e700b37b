"""What the comparison of answers finds, and what it lets pass."""

from typing import Any

import pytest

from tests.upgrade.answers import lost

CLOSED = {"ref": "INC-1", "state": "closed", "why": "bo closed it."}
RESOLVED = {"ref": "INC-2", "state": "resolved", "why": ""}
BEFORE: dict[str, Any] = {
    "items": [CLOSED, RESOLVED],
    "labels": {"team": "shop"},
    "turns": [["bo"], ["chen"]],
}


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"items": [CLOSED]}, "/x.items[]: ref INC-2 is gone"),
        ({"items": [{**CLOSED, "why": ""}, RESOLVED]}, "/x.items[].why: is '' (was 'bo closed it.')"),
        ({"items": [{**CLOSED, "why": "chen did."}, RESOLVED]}, "/x.items[].why: is 'chen did.' (was 'bo closed it.')"),
        ({"labels": {}}, "/x.labels.team: is gone (was 'shop')"),
        ({"labels": {"team": "pay"}}, "/x.labels.team: is 'pay' (was 'shop')"),
        ({"labels": "Refused."}, "/x.labels: is 'Refused.' (was {'team': 'shop'})"),
        ({"turns": [["chen"], ["bo"]]}, "/x.turns[][]: is 'chen' (was 'bo')"),
        ({"turns": [["bo"]]}, "/x.turns[]: [['chen']] is gone"),
    ],
)
def test_what_is_lost_is_found(now: Any, sentence: str) -> None:
    after = {**BEFORE, **now}
    assert sentence in lost(BEFORE, after, {}, "/x")
    assert lost(BEFORE, after, {r"/x.*": ""}, "/x") == []


def test_more_rows_more_fields_and_better_sentences_pass() -> None:
    rows = [{"ref": "INC-3", "state": "triggered"}, {**RESOLVED, "new": 1}, {**CLOSED, "why": "Closed by bo."}]
    now = {**BEFORE, "items": rows, "more": True}
    assert lost(BEFORE, now, {}, "/x") == []
