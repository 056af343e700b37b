"""What is hashed has one spelling, and what PostgreSQL cannot hold is replaced, never refused."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.ledger.canon import digest, instant, json_text, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_a_digest_is_sha_256_of_netstrings() -> None:
    assert digest(b"tag", b"", "ø".encode()) == sha256(b"3:tag,0:,2:\xc3\xb8,").digest()


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_different_fields_never_share_bytes(ours: list[bytes], theirs: list[bytes]) -> None:
    assert (digest(b"t", *ours) == digest(b"t", *theirs)) == (ours == theirs)


def test_an_instant_is_spelt_in_utc_with_six_decimals() -> None:
    local = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    assert instant(local) == "2026-03-02T09:00:00.000000+00:00"


def test_the_order_of_keys_does_not_matter() -> None:
    assert json_text({"b": 1, "a": {"d": 1, "c": 2}}) == '{"a":{"c":2,"d":1},"b":1}'


def test_times_and_ids_can_be_recorded() -> None:
    value = {"at": datetime(2026, 3, 2, tzinfo=UTC), "id": UUID(int=7)}
    assert json.loads(json_text(value)) == {"at": "2026-03-02T00:00:00Z", "id": str(UUID(int=7))}


@given(JSON)
def test_any_json_can_be_recorded(value: object) -> None:
    written = json_text(value)
    json.loads(written)
    written.encode()
    assert "\\u0000" not in written.replace("\\\\", "")


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_becomes_one_that_can_be_stored(value: str) -> None:
    kept = text(value)
    kept.encode()
    assert "\0" not in kept
    assert text(kept) == kept
