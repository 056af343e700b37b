"""Every event of an incident stands in exactly one chapter of its timeline."""

from tests.unit.streams import ELSEWHERE

from muster.clocks.events import EVENTS as CLOCKS
from muster.incidents.events import EVENTS as INCIDENTS
from muster.paging.events import EVENTS as PAGING
from muster.response.chapters import CHAPTERS, EVERYTHING, counted, kinds_of
from muster.response.events import EVENTS as RESPONSE


def test_every_kind_stands_in_one_chapter() -> None:
    told = [kind for kinds in CHAPTERS.values() for kind in kinds]
    assert len(told) == len(set(told))
    assert {*map(str, (*CLOCKS, *INCIDENTS, *PAGING, *RESPONSE))} - ELSEWHERE == set(told)


def test_everything_and_a_name_that_is_none_filter_nothing() -> None:
    assert kinds_of(EVERYTHING) == ()
    assert kinds_of("Gossip") == ()


def test_chapters_are_counted_and_everything_counts_the_unknown_too() -> None:
    counts = counted({"NoteAdded": 3, "LinkAdded": 1, "FromTheFuture": 2})
    assert counts == {EVERYTHING: 6, "Decisions": 0, "Notes": 4, "Alerts": 0, "Pages": 0}
