"""What a synthetic page's fate makes of a channel's standing, and when Muster stays silent so that others notice."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.channel import Receipt, SendOutcome, handed_over, refused, retry
from muster.paging.health import health
from muster.paging.loop import AGAIN_AFTER, EVERY, STALE, News, Round, follow, next_run, withheld

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOOK = timedelta(seconds=1)
BACK = Receipt(SendOutcome.DELIVERED, "It came back.")


def _after(*receipts: Receipt, closed: bool = True) -> list[News]:
    news: list[News] = []
    for number, receipt in enumerate(receipts):
        before = news[-1].round if news else None
        news.append(follow(before, "email", closed, receipt, NOW + number * EVERY, TOOK))
    return news


def test_the_second_failure_in_a_row_breaks_it_and_the_first_success_mends_it() -> None:
    news = _after(BACK, retry("no"), retry("no"), retry("still no"), BACK, BACK)
    assert [(each.broke, each.mended) for each in news] == [
        (False, False), (False, False), (True, False), (False, False), (False, True), (False, False),
    ]  # fmt: skip
    third = news[3].round
    assert (third.failing_since, third.good_at, third.failures, third.reason) == (NOW + EVERY, NOW, 3, "still no")


def test_one_failure_alone_is_tried_again_soon_and_told_to_nobody() -> None:
    news = _after(BACK, refused("no"), BACK)
    assert not any(each.broke or each.mended for each in news)
    assert next_run({"email": news[1].round}, NOW) == NOW + AGAIN_AFTER
    assert next_run({"email": news[2].round}, NOW) == NOW + EVERY


def test_what_only_left_counts_where_the_way_back_is_closed_to_nobody() -> None:
    assert _after(handed_over("gone"))[0].round.failures == 1, "a loop that is closed must bring it back"
    assert _after(handed_over("the account is good"), closed=False)[0].round.failures == 0


def test_the_path_is_proven_by_what_came_back_and_not_by_accounts() -> None:
    back, asked = _after(BACK)[0].round, _after(handed_over("ok"), closed=False)[0].round
    assert health([], NOW, {"email": back}).proven_at == NOW
    assert health([], NOW, {"slack": asked}).proven_at is None
    broken = _after(BACK, retry("no"), retry("The server is away."))[-1].round
    told = health([], NOW, {"email": broken})
    assert (told.proven_at, told.trouble) == (None, "Muster's own way of paging by email is broken")
    assert told.sentence == "The server is away."


def test_the_outside_hears_nothing_when_no_way_works() -> None:
    good, broken = _after(BACK)[0].round, _after(retry("no"), retry("no"))[-1].round
    assert withheld({}, NOW) == ""
    assert withheld({"a": good, "b": broken}, NOW) == "", "somebody can still be paged"
    assert "comes back any more" in withheld({"b": broken}, NOW + EVERY)
    assert "No synthetic page ran lately" in withheld({"a": good}, NOW + STALE + TOOK)


@given(st.lists(st.booleans(), max_size=30))
def test_whoever_is_told_that_it_broke_is_told_that_it_is_mended(good: list[bool]) -> None:
    news = _after(*(BACK if each else retry("no") for each in good))
    told = ["broke" if each.broke else "mended" for each in news if each.broke or each.mended]
    assert told == ["broke", "mended"] * (len(told) // 2) + ["broke"] * (len(told) % 2)
    last: Round | None = news[-1].round if news else None
    assert (last.broken if last else False) == (len(told) % 2 == 1)
