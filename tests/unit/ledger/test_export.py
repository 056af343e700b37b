"""An exported ledger is verified by itself, and any byte of it that changes is found."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.ledger.ledgers import KEY, STRANGER, small_ledger

from muster.ledger.export import kept_seals, verify_export
from muster.ledger.flaw import FILE, Damage

WHOLE = b"".join(small_ledger().export())


def lines_of(raw: bytes) -> list[bytes]:
    """The lines as a file gives them."""
    return raw.splitlines(keepends=True)


def test_an_export_is_verified_without_a_database() -> None:
    verdict = verify_export(lines_of(WHOLE), [KEY.public])
    assert verdict.sound
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (9, 2, 2)


@settings(max_examples=400)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_file_is_found(place: int, change: int) -> None:
    raw = WHOLE[:place] + bytes([WHOLE[place] ^ change]) + WHOLE[place + 1 :]
    assert not verify_export(lines_of(raw), [KEY.public]).sound


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_off_anywhere_is_found(length: int) -> None:
    assert not verify_export(lines_of(WHOLE[:length]), [KEY.public]).sound


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines.pop(1),
        lambda lines: lines.pop(5),
        lambda lines: lines.pop(-2),
        lambda lines: lines.insert(4, lines[4]),
        lambda lines: lines.reverse(),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines.insert(0, lines[0]),
        lambda lines: lines.insert(7, lines.pop(2)),
    ],
)
def test_lines_removed_repeated_or_moved_are_found(damage: Callable[[list[bytes]], object]) -> None:
    lines = lines_of(WHOLE)
    damage(lines)
    assert not verify_export(lines).sound


def test_an_unsealed_entry_dropped_before_exporting_needs_the_key_that_signs_the_end() -> None:
    lines = small_ledger().export(STRANGER)
    assert {(each.stream, each.flaw) for each in verify_export(lines, [KEY.public]).breaks} == {
        (FILE, Damage.UNTRUSTED)
    }


def test_an_altered_entry_is_found_in_a_file_that_is_signed() -> None:
    ledger = small_ledger()
    ledger.entries[3] = replace(ledger.entries[3], reason="another")
    assert {each.flaw for each in verify_export(ledger.export()).breaks} == {Damage.ALTERED}


def test_what_is_no_export_is_said_to_be_none() -> None:
    verdict = verify_export([b"hello\n", b"\xff\xfe\n"])
    assert Damage.UNREADABLE in {each.flaw for each in verdict.breaks}


def test_the_seals_of_an_earlier_export_must_still_be_there() -> None:
    ledger = small_ledger()
    kept = kept_seals(ledger.export())
    assert list(kept) == [1, 2]
    assert verify_export(ledger.export(), kept=kept).sound
    ledger.seals.pop()
    assert not verify_export(ledger.export(), kept=kept).sound
