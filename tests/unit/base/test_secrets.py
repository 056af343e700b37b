"""Secrets at rest: they open for their row with their key, and for nothing else."""

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.secrets import KEY_FILE, Secrets, Unreadable, load_secrets
from muster.kit.errors import Invalid

KEY, OTHER = b"a" * 32, b"b" * 32


@given(st.text(max_size=200), st.text(max_size=60))
def test_a_sealed_secret_opens_for_its_row(secret: str, row: str) -> None:
    secrets = Secrets(KEY)
    assert secrets.open(secrets.seal(secret, row), row) == secret


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_secret_with_a_changed_byte_does_not_open(position: int, difference: int) -> None:
    secrets = Secrets(KEY)
    head, _, data = secrets.seal("hunter2", "contact:1").rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(data))
    raw[position % len(raw)] ^= difference
    with pytest.raises(Unreadable):
        secrets.open(f"{head}.{base64.urlsafe_b64encode(bytes(raw)).decode()}", "contact:1")


@given(st.text(max_size=80))
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(Unreadable):
        Secrets(KEY).open(text, "contact:1")


def test_a_secret_does_not_open_in_another_row() -> None:
    secrets = Secrets(KEY)
    with pytest.raises(Unreadable, match="another row"):
        secrets.open(secrets.seal("hunter2", "contact:1"), "contact:2")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    secrets = Secrets(KEY)
    assert secrets.seal("hunter2", "contact:1") != secrets.seal("hunter2", "contact:1")


def test_an_earlier_key_still_opens_and_a_lost_one_is_named() -> None:
    sealed = Secrets(KEY).seal("hunter2", "contact:1")
    assert Secrets(OTHER, KEY).open(sealed, "contact:1") == "hunter2"
    with pytest.raises(Unreadable, match="another key"):
        Secrets(OTHER).open(sealed, "contact:1")


def test_each_purpose_has_its_own_key() -> None:
    secrets = Secrets(KEY)
    assert secrets.derive("links") == Secrets(KEY).derive("links") != secrets.derive("sessions")
    with pytest.raises(ValueError, match="nothing else"):
        secrets.derive("secrets")


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    sealed = load_secrets(tmp_path).seal("hunter2", "contact:1")
    assert load_secrets(tmp_path).open(sealed, "contact:1") == "hunter2"
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [KEY_FILE]


def test_a_key_file_that_others_may_read_is_refused_with_the_fix(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(Invalid) as caught:
        load_secrets(tmp_path)
    assert "chmod 600" in caught.value.faults[0].fix


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_a_key_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / KEY_FILE).write_text(text)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(Invalid):
        load_secrets(tmp_path)


def test_the_environment_can_hold_the_keys(tmp_path: Path) -> None:
    one, two = (base64.b64encode(key).decode() for key in (KEY, OTHER))
    sealed = load_secrets(tmp_path, one).seal("hunter2", "contact:1")
    assert load_secrets(tmp_path, f"{two}, {one}").open(sealed, "contact:1") == "hunter2"
    assert not (tmp_path / KEY_FILE).exists()
    with pytest.raises(Invalid):
        load_secrets(tmp_path, "too short")
