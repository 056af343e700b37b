"""Changes are suspected by what they touched and how shortly before, and each says why."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from muster.catalog.place import NOWHERE, Place
from muster.catalog.workload import Ref
from muster.changes.change import StoredChange
from muster.response.suspects import MOST, suspects

OPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEB, SEARCH, OTHER = Ref("shop", "web"), Ref("shop", "search"), Ref("billing", "ledger")


def change(number: int, before: timedelta) -> StoredChange:
    at = OPENED - before
    return StoredChange(
        UUID(int=number), UUID(int=0), str(number), f"Change {number}", "deployment", at, at, {}, "", ()
    )


def place(ref: Ref) -> Place:
    return Place(ref.workload, ref.component, "standard")


def test_what_is_affected_comes_before_what_it_needs_and_that_before_the_rest() -> None:
    minutes = timedelta(minutes=1)
    given = [
        (change(1, 1 * minutes), NOWHERE),
        (change(2, 50 * minutes), place(SEARCH)),
        (change(3, 300 * minutes), place(WEB)),
        (change(4, 30 * minutes), Place("shop")),
    ]
    found = suspects(given, [WEB], "shop", [SEARCH], OPENED)
    assert [each.change.title for each in found] == ["Change 3", "Change 2", "Change 4", "Change 1"]
    assert [each.reason for each in found] == [
        "It changed shop/web, which is affected, 5h earlier.",
        "It changed shop/search, which what is affected needs, 50m earlier.",
        "It changed shop, which is affected, 30m earlier.",
        "It happened shortly before, 1m earlier.",
    ]


def test_what_came_later_or_long_before_is_not_suspected() -> None:
    given = [
        (change(1, timedelta(minutes=-1)), place(WEB)),
        (change(2, timedelta(hours=25)), place(WEB)),
        (change(3, timedelta(hours=3)), place(OTHER)),
    ]
    assert suspects(given, [WEB], "shop", [], OPENED) == []


def test_the_newest_come_first_and_only_a_few_are_named() -> None:
    given = [(change(number, timedelta(minutes=number)), place(WEB)) for number in range(20, 0, -1)]
    found = suspects(given, [WEB], "shop", [], OPENED)
    assert [each.change.title for each in found] == [f"Change {number}" for number in range(1, MOST + 1)]


def test_an_incident_of_unknown_place_suspects_whatever_was_just_changed() -> None:
    found = suspects([(change(1, timedelta(seconds=20)), place(WEB))], [], "", [], OPENED)
    assert [each.reason for each in found] == ["It happened shortly before, seconds earlier."]
