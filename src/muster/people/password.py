"""What a password must be: long, and not what everybody tries first (after NIST SP 800-63B; no rules on its characters).

Two judges: zxcvbn, which knows what leaked and how people vary it, and a rule of our own for what it lets through: names and
words of the house, and one word with a year, which is what people write when they are told to change a password.
"""

import re

from muster.kit.errors import Fault

SHORTEST, LONGEST = 10, 256
GOOD = 3
"""Of zxcvbn's scores from 0 to 4: at least a hundred million guesses."""

ENOUGH_LEFT = 4
"""Characters that must remain once names, common words and rows of keys are taken away."""

JUDGED = 40
"""Characters that zxcvbn looks at; its cost grows with the third power of the length."""

MOST_SIGNS = 4
"""Different signs that may stand for letters; with more, zxcvbn would try thousands of combinations."""

_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
_COMMON = frozenset(
    {
        "password", "passwort", "iloveyou", "letmein", "welcome", "admin", "administrator", "changeme", "secret", "muster",
        "dragon", "monkey", "football", "baseball", "superman", "sunshine", "princess", "qwerty", "azerty", "trustno",
        "incident", "oncall", "pager", "pagerduty", "opsgenie", "grafana", "prometheus", "alert", "monitoring", "root",
    }
)  # fmt: skip
_SIGNS = {"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t", "+": "t"}
_MAY_BE_LETTERS = frozenset("@4838(){[<69!1|70$5+%2")
_ONE_WORD = re.compile(r"[^a-z]*[a-z]{2,14}[^a-z]*(?:19|20)\d\d[^a-z]*|[^a-z]*(?:19|20)\d\d[^a-z]*[a-z]{2,14}[^a-z]*")
_FIX = "Use three or four unrelated words, or let a password manager make one."


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
    known = {word for text in about for word in _words(text)} | _COMMON
    for spelled in (plain, _spelled_out(plain)):
        if len(_without(spelled, known)) < ENOUGH_LEFT:
            return [Fault(field, "Names and common words make up nearly all of the password.", _FIX)]
    if _ONE_WORD.fullmatch(plain):
        return [Fault(field, "One word and a year are what everybody tries.", _FIX)]
    return _strength(password, known, field)


def _strength(password: str, known: set[str], field: str) -> list[Fault]:
    # Its dictionaries take a tenth of a second to load; most processes never judge a password.
    from zxcvbn import zxcvbn

    judged = zxcvbn(_bounded(password), user_inputs=sorted(known), max_length=JUDGED)
    if judged["score"] >= GOOD:
        return []
    why = str(judged["feedback"]["warning"]).rstrip(".")
    said = f" ({why[0].lower()}{why[1:]})" if why else ""
    return [Fault(field, f"The password is too easy to guess{said}.", _FIX)]


def _bounded(password: str) -> str:
    """The part that is judged; of many different signs only the first few may stand for letters."""
    text, kinds = password[:JUDGED], dict.fromkeys(sign for sign in password[:JUDGED] if sign in _MAY_BE_LETTERS)
    beyond = set(list(kinds)[MOST_SIGNS:])
    return "".join("~" if sign in beyond else sign for sign in text)


def _spelled_out(plain: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in plain)


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
