"""What a password must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.people.actions import hashing
from muster.people.password import LONGEST, password_faults

ABOUT = ("ana", "Ana Silva", "ana.silva@contoso.example", "Contoso")


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "Lisboa-rain-on-tin", "þetta er langt lykilorð", "x7#kQ!9vLm2$"]
)
def test_a_long_password_of_unrelated_words_is_taken(password: str) -> None:
    assert password_faults(password, *ABOUT) == []


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("short", "at least 10"),
        ("x" * (LONGEST + 1), "at most 256"),
        ("abababababab", "repeats"),
        ("password1234", "common words"),
        ("AnaSilva12!", "common words"),
        ("contoso-admin-1", "common words"),
        ("muster-admin-1", "common words"),
        ("qwertyuiop1234", "common words"),
        ("Qwertyuiop12", "common words"),
        ("P@ssw0rd2024", ""),
        ("Summer2026!", "word and a year"),
        ("Kubernetes2026!", "word and a year"),
        ("2026-Lisboa!", "word and a year"),
        ("contoso2026!", ""),
        ("Incident2026!", ""),
        ("1q2w3e4r5t6y", "easy to guess"),
        ("1qaz2wsx3edc", "easy to guess"),
        ("Changeme123!", ""),
        ("Hunter2Hunter2", "easy to guess"),
    ],
)
def test_a_password_that_everybody_tries_first_is_refused(password: str, rule: str) -> None:
    faults = password_faults(password, *ABOUT)
    assert len(faults) == 1
    assert rule in faults[0].rule
    assert faults[0].fix


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_judged(password: str, about: list[str]) -> None:
    assert len(password_faults(password, *about)) <= 1


async def test_a_hash_opens_for_its_password_only() -> None:
    stored = await hashing.hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await hashing.matches(stored, "correct horse")
    assert not await hashing.matches(stored, "correct horses")
    assert not await hashing.matches(None, "the password of nobody")
    assert not await hashing.matches("no hash at all", "correct horse")
    assert not hashing.is_outdated(stored)
