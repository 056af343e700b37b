"""What a password must be: long, and not what everybody tries first (after NIST SP 800-63B; no rules on its characters)."""

from muster.kit.errors import Fault

SHORTEST, LONGEST = 10, 256
ENOUGH_LEFT = 4
"""Characters that must remain once names, common words and rows of keys are taken away."""

_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
_COMMON = frozenset(
    {
        "password", "passwort", "iloveyou", "letmein", "welcome", "admin", "administrator", "changeme", "secret", "muster",
        "dragon", "monkey", "football", "baseball", "superman", "sunshine", "princess", "qwerty", "azerty", "trustno",
    }
)  # fmt: skip


def password_faults(password: str, *about: str, field: str = "password") -> list[Fault]:
    """Everything wrong with a new password; `about` are words that a guesser knows: name, e-mail address, organisation."""
    if len(password) < SHORTEST:
        return [
            Fault(field, f"A password has at least {SHORTEST} characters.", "Three or four unrelated words make one.")
        ]
    if len(password) > LONGEST:
        return [Fault(field, f"A password has at most {LONGEST} characters.", "Shorten it.")]
    plain = password.casefold()
    if len(set(plain)) < 5:
        return [Fault(field, "The password repeats a few characters.", "Use unrelated words.")]
    left = _without(plain, {word for text in about for word in _words(text)} | _COMMON)
    if len(left) < ENOUGH_LEFT:
        return [Fault(field, "Names and common words make up nearly all of the password.", "Use unrelated words.")]
    return []


def _words(text: str) -> list[str]:
    for sign in "@.-_":
        text = text.replace(sign, " ")
    return [word for word in text.casefold().split() if len(word) >= 3]


def _without(password: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    for sequence in _SEQUENCES:
        for size in range(len(sequence), 3, -1):
            for start in range(len(sequence) - size + 1):
                password = password.replace(sequence[start : start + size], "")
    return password
