"""The chain finds whatever was done to its rows."""

import random
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ledger.ledgers import Ledger, small_ledger

from muster.ledger.chain import verify
from muster.ledger.entry import Entry
from muster.ledger.flaw import Damage

STREAMS = st.lists(st.sampled_from(["access", "incident:1", "incident:2", "alert:ø"]), min_size=1, max_size=20)
COLUMNS = [each.name for each in fields(Entry)]


def made_of(streams: list[str]) -> Ledger:
    """A ledger with an entry in each of these streams, in this order."""
    ledger = Ledger()
    for number, stream in enumerate(streams):
        ledger.record(stream, text=f"№ {number}", reason="x" * (number % 3))
    return ledger


def one_byte_off(value: Any, chance: random.Random) -> Any:
    """The same column with one byte, character or digit of it changed, put in or left out."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.choice([1, -1, 10, 1_000_000, -3_600_000_000]))
    if isinstance(value, int):
        return max(0, value ^ (1 << chance.randrange(16)))
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]
    place = chance.randrange(len(value) + 1)
    return chance.choice([value[:place] + "~" + value[place:], value[:place] + "~" + value[place + 1 :]])


@given(STREAMS)
def test_an_untouched_chain_has_no_break(streams: list[str]) -> None:
    assert verify(made_of(streams).entries) == []


@given(STREAMS, st.sampled_from(COLUMNS), st.randoms(use_true_random=False))
def test_a_changed_byte_in_any_column_is_found(streams: list[str], column: str, chance: random.Random) -> None:
    entries = made_of(streams).entries
    place = chance.randrange(len(entries))
    entries[place] = replace(entries[place], **{column: one_byte_off(getattr(entries[place], column), chance)})
    assert verify(entries)


@given(STREAMS, st.data())
def test_a_removed_entry_is_found_by_the_one_after_it(streams: list[str], data: st.DataObject) -> None:
    entries = made_of(streams).entries
    gone = data.draw(st.sampled_from(entries))
    entries.remove(gone)
    later = [each for each in entries if each.stream == gone.stream and each.seq > gone.seq]
    found = verify(entries)
    assert [each.flaw for each in found] == [Damage.MISSING] * bool(later)


@given(STREAMS.filter(lambda streams: len(streams) > 1), st.data())
def test_two_exchanged_entries_are_found(streams: list[str], data: st.DataObject) -> None:
    entries = made_of(streams).entries
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    entries[first], entries[second] = entries[second], entries[first]
    assert Damage.MISPLACED in {each.flaw for each in verify(entries)}


@given(STREAMS, st.data())
def test_a_repeated_entry_is_found(streams: list[str], data: st.DataObject) -> None:
    entries = made_of(streams).entries
    twice = data.draw(st.sampled_from(entries))
    entries.insert(data.draw(st.integers(0, len(entries))), twice)
    assert Damage.MISPLACED in {each.flaw for each in verify(entries)}


def test_an_inserted_entry_is_found_even_with_a_hash_that_fits_it() -> None:
    entries = small_ledger().entries
    foreign = Ledger()
    for _ in range(3):
        foreign.record("incident:1", text="invented")
    entries[2] = replace(foreign.entries[1], position=3)
    entries[2] = replace(entries[2], hash=entries[2].expected_hash())
    assert {each.flaw for each in verify(entries)} == {Damage.UNLINKED}


def test_renumbering_the_entries_after_a_removed_one_is_found() -> None:
    entries = [each for each in small_ledger().entries if each.stream == "incident:1"]
    del entries[1]
    moved = [replace(each, seq=number) for number, each in enumerate(entries, 1)]
    assert {each.flaw for each in verify(moved)} == {Damage.ALTERED, Damage.UNLINKED}


def test_a_break_says_where_and_what() -> None:
    entries = small_ledger().entries
    del entries[2]
    (found,) = verify(entries)
    assert found.sentence() == "incident:1 3: Entry 2 is missing before it."
