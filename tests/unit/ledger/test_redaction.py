"""Words may be taken out of entries if a later entry vouches for it; whatever else changes is found as before."""

import random
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ledger.ledgers import KEY, Ledger, small_ledger
from tests.unit.ledger.test_chain import one_byte_off

from muster.ledger.entry import Entry
from muster.ledger.export import verify_export
from muster.ledger.flaw import Damage
from muster.ledger.redaction import AT_ONCE, pattern, vouched_by, vouching

POSITIONS = st.sets(st.integers(1, 9), min_size=1)
COLUMNS = [field.name for field in fields(Entry)]


def redacted(positions: set[int]) -> Ledger:
    """A ledger sealed before and after a redaction, with something recorded behind it."""
    ledger = small_ledger()
    ledger.seal()
    ledger.redact(*positions)
    ledger.seal()
    ledger.record("access")
    return ledger


@given(POSITIONS)
def test_what_a_later_entry_vouches_for_is_sound(positions: set[int]) -> None:
    before = small_ledger()
    before.seal()
    kept = {seal.number: seal.hash for seal in before.seals}
    ledger = redacted(positions)
    verdict = ledger.verdict([KEY.public], kept=kept, heads=dict(ledger.heads))
    assert verdict.sound, verdict.breaks
    (redaction,) = verdict.redactions
    assert redaction.positions == tuple(sorted(positions))
    assert (redaction.by, redaction.reason) == ("ada", "request 12")
    assert verify_export(ledger.export(), [KEY.public], kept) == verify_export(ledger.export(), [KEY.public])
    assert verify_export(ledger.export(), [KEY.public], kept).redactions == verdict.redactions


@given(POSITIONS, st.sampled_from(COLUMNS), st.randoms(use_true_random=False))
def test_any_other_change_is_found(positions: set[int], column: str, chance: random.Random) -> None:
    ledger = redacted(positions)
    place = chance.randrange(len(ledger.entries))
    entry = ledger.entries[place]
    ledger.entries[place] = replace(entry, **{column: one_byte_off(getattr(entry, column), chance)})
    assert not ledger.verdict([KEY.public], heads=dict(ledger.heads)).sound


@given(POSITIONS, st.integers(1, 9))
def test_a_redaction_that_nothing_vouches_for_is_found(positions: set[int], other: int) -> None:
    ledger = redacted(positions - {other} or {other % 9 + 1})
    ledger.entries[other - 1] = replace(ledger.entries[other - 1], actor='{"name":"erased-0123456789ab"}', body="{}")
    verdict = ledger.verdict([KEY.public])
    assert [(breakage.stream, breakage.flaw) for breakage in verdict.breaks] == [
        (ledger.entries[other - 1].stream, Damage.ALTERED)
    ]


def test_a_voucher_that_is_gone_altered_or_not_later_vouches_for_nothing() -> None:
    ledger = redacted({2})
    place = next(place for place, entry in enumerate(ledger.entries) if vouched_by(entry))
    voucher = ledger.entries[place]
    for damage in (replace(voucher, reason="another"), replace(voucher, position=1)):
        ledger.entries[place] = damage
        assert Damage.ALTERED in {breakage.flaw for breakage in ledger.verdict().breaks if breakage.stream == "access"}
    ledger.entries.pop(place)
    assert ("access", Damage.ALTERED) in {(breakage.stream, breakage.flaw) for breakage in ledger.verdict().breaks}


def test_who_erased_somebody_can_be_erased_too() -> None:
    ledger = small_ledger()
    first = ledger.redact(1, 2)
    before = ledger.entries[first.position - 1]
    ledger.entries[first.position - 1] = replace(before, actor=before.actor.replace("ada", "erased-ba9876543210"))
    assert not ledger.verdict().sound
    (data,) = vouching([ledger.entries[first.position - 1]])
    ledger.record("ledger", "EntriesRedacted", data=data, reason="request 13")
    verdict = ledger.verdict()
    assert verdict.sound
    assert [redaction.positions for redaction in verdict.redactions] == [(1, 2), (first.position,)]


def test_an_entry_redacted_twice_needs_the_newer_voucher_only() -> None:
    ledger = small_ledger()
    ledger.redact(1, 2)
    ledger.redact(2, to="erased-ba9876543210")
    ledger.entries[1] = replace(ledger.entries[1], reason="…")
    (data,) = vouching([ledger.entries[1]])
    ledger.record("ledger", "EntriesRedacted", data=data)
    assert ledger.verdict().sound


def test_many_entries_are_vouched_for_in_parts() -> None:
    ledger = Ledger()
    for _ in range(AT_ONCE + 1):
        ledger.record("access")
    assert [part["entries"] for part in vouching(ledger.entries)] == [AT_ONCE, 1]


@pytest.mark.parametrize("spoilt", [None, "x", [1], [[1, "zz"]], [["a", "00"]], {"a": 1}])
def test_a_spoilt_voucher_vouches_for_nothing(spoilt: object) -> None:
    ledger = Ledger()
    assert vouched_by(ledger.record("ledger", "EntriesRedacted", data={"left": spoilt})) == {}


def test_the_longest_name_comes_first_and_signs_are_taken_as_they_are() -> None:
    found = pattern(["ana", "ana@contoso.example", "+351 900 1"])
    assert found.index("contoso") < found.index("|ana)")
    assert r"\+351 900 1" in found
