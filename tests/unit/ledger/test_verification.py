"""Seals find what the chain alone cannot: rewritten histories and missing ends."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ledger.ledgers import KEY, STRANGER, Ledger, small_ledger

from muster.kit.errors import Invalid
from muster.ledger.canon import instant
from muster.ledger.entry import Entry, link
from muster.ledger.flaw import SEALS, Damage
from muster.ledger.key import key_text, parse_key
from muster.ledger.seal import Seal, make_seal
from muster.ledger.verification import MOST_BREAKS


def flaws(ledger: Ledger, **how: object) -> set[tuple[str, Damage]]:
    """Streams and flaws that are found."""
    return {(each.stream, each.flaw) for each in ledger.verdict(**how).breaks}  # type: ignore[arg-type]


def rewritten(entry: Entry, prev: bytes, body: str) -> Entry:
    """The entry with another body and hashes that fit it."""
    parts = (entry.position, entry.stream, entry.seq, instant(entry.at), entry.kind, entry.actor, entry.reason, body)
    return replace(entry, body=body, prev=prev, hash=link(prev, *parts))


def rewrite_history(ledger: Ledger, stream: str) -> None:
    """Change the first entry of a stream and recompute every hash after it, as a database's owner could."""
    prev = bytes(32)
    for place, entry in enumerate(ledger.entries):
        if entry.stream == stream:
            ledger.entries[place] = rewritten(entry, prev, '{"text":"it never happened"}')
            prev = ledger.entries[place].hash
            ledger.heads[stream] = (entry.seq, prev)


def test_a_sound_ledger_is_found_sound() -> None:
    verdict = small_ledger().verdict([KEY.public])
    assert verdict.sound
    assert (verdict.entries, verdict.streams, verdict.seals, verdict.unsealed) == (9, 3, 2, 2)
    assert verdict.keys == (key_text(KEY.public),)
    assert verdict.pinned


def test_an_empty_ledger_is_sound() -> None:
    assert Ledger().verdict().sound


def test_an_end_cut_off_after_a_seal_is_found() -> None:
    ledger = small_ledger()
    ledger.entries = [each for each in ledger.entries if (each.stream, each.seq) != ("incident:1", 4)]
    assert flaws(ledger) == {("incident:1", Damage.TRUNCATED)}


def test_a_whole_stream_that_is_gone_is_found() -> None:
    ledger = small_ledger()
    ledger.entries = [each for each in ledger.entries if each.stream != "access"]
    assert flaws(ledger) == {("access", Damage.TRUNCATED)}


def test_an_unsealed_end_that_is_gone_is_found_while_the_heads_still_name_it() -> None:
    ledger = small_ledger()
    heads = dict(ledger.heads)
    ledger.entries.pop()
    assert ledger.verdict().sound
    assert flaws(ledger, heads=heads) == {("incident:2", Damage.TRUNCATED)}


def test_a_history_rewritten_with_fitting_hashes_is_found_by_the_seals() -> None:
    ledger = small_ledger()
    rewrite_history(ledger, "incident:1")
    assert flaws(ledger) == {("incident:1", Damage.REWRITTEN)}


def test_a_history_rewritten_and_sealed_anew_needs_the_key() -> None:
    ledger = small_ledger()
    rewrite_history(ledger, "incident:1")
    ledger.seals = []
    ledger.seal(STRANGER)
    assert ledger.verdict().sound
    assert flaws(ledger, trusted=[KEY.public]) == {(SEALS, Damage.UNTRUSTED)}


def test_a_history_rewritten_and_sealed_with_the_key_is_found_by_a_seal_kept_elsewhere() -> None:
    ledger = small_ledger()
    kept = {each.number: each.hash for each in ledger.seals}
    rewrite_history(ledger, "incident:1")
    ledger.seals = []
    ledger.seal()
    assert flaws(ledger, trusted=[KEY.public], kept=kept) == {(SEALS, Damage.REWRITTEN), (SEALS, Damage.TRUNCATED)}


@pytest.mark.parametrize("column", [each.name for each in fields(Seal)])
@given(data=st.data())
def test_a_changed_byte_in_any_column_of_a_seal_is_found(column: str, data: st.DataObject) -> None:
    ledger = small_ledger()
    place = data.draw(st.integers(0, len(ledger.seals) - 1))
    value = getattr(ledger.seals[place], column)
    if isinstance(value, bytes):
        where = data.draw(st.integers(0, len(value) - 1))
        value = value[:where] + bytes([value[where] ^ data.draw(st.integers(1, 255))]) + value[where + 1 :]
    elif isinstance(value, str):
        where = data.draw(st.integers(0, len(value) - 1))
        value = value[:where] + "~" + value[where + 1 :]
    else:
        value = value + 1 if isinstance(value, int) else value.replace(microsecond=654321)
    ledger.seals[place] = replace(ledger.seals[place], **{column: value})
    assert not ledger.verdict().sound


def test_a_forged_seal_is_found() -> None:
    ledger = small_ledger()
    last = ledger.seals[-1]
    forged = make_seal(last.number, last.at, last.prev, last.moved(), last.root, STRANGER)
    ledger.seals[-1] = replace(forged, public_key=KEY.public)
    ledger.seals[-1] = replace(ledger.seals[-1], hash=ledger.seals[-1].expected_hash())
    assert flaws(ledger, trusted=[KEY.public]) == {(SEALS, Damage.FORGED)}


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (lambda seals: seals.pop(0), Damage.MISSING),
        (lambda seals: seals.reverse(), Damage.MISPLACED),
        (lambda seals: seals.append(seals[-1]), Damage.MISPLACED),
    ],
)
def test_a_removed_moved_or_repeated_seal_is_found(change: object, flaw: Damage) -> None:
    ledger = small_ledger()
    change(ledger.seals)  # type: ignore[operator]
    assert (SEALS, flaw) in flaws(ledger)


def test_a_root_that_leaves_a_stream_out_is_found() -> None:
    ledger = small_ledger()
    last = ledger.seals[-1]
    ledger.seals[-1] = make_seal(last.number, last.at, last.prev, last.moved(), bytes(32), KEY)
    assert flaws(ledger) == {(SEALS, Damage.ALTERED)}


def test_a_thousand_breaks_are_listed_and_all_are_counted() -> None:
    ledger = Ledger()
    for _ in range(MOST_BREAKS + 5):
        ledger.record("access")
    ledger.entries = [replace(each, kind="Other") for each in ledger.entries]
    verdict = ledger.verdict()
    assert (len(verdict.breaks), verdict.found) == (MOST_BREAKS, MOST_BREAKS + 5)


def test_a_public_key_is_read_back() -> None:
    assert parse_key(key_text(KEY.public)) == KEY.public


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", "ssh-ed25519 AAAA", "é"])
def test_what_is_no_public_key_is_refused_with_the_way_to_get_one(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_key(text)
    assert "muster ledger key" in refused.value.faults[0].fix
