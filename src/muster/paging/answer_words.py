"""The words that an answer to a page may use, and those that put it into doubt. Pure."""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = {
    **dict.fromkeys(_set("ack acknowledge acknowledged acked"), "acknowledge"),
    **dict.fromkeys(_set("escalate esc"), "escalate"),
    **dict.fromkeys(_set("help ? info"), "help"),
}
"""Words that say what is asked for, by what they ask for, wherever they stand first."""

BRIEF = {
    **dict.fromkeys(_set("1 yes y ok okay taken mine 👍 ✅"), "acknowledge"),
    **dict.fromkeys(_set("2 pass next"), "escalate"),
}
"""Words that mean something only when they stand alone or with a reference: `ok, who broke it?` takes nothing."""

ALL = _set("all everything")
POLITE = _set("please pls plz thanks thank you thx and hi hello hey muster")
GREETINGS = _set("hi hello hey dear good guten moin hallo servus bonjour salut hola ciao")
UNITS = _set("minute minutes min mins m hour hours hr hrs h sec secs seconds am pm")
BEFORE_NUMBERS = _set("in eta about around approx at")
HARMLESS = POLITE | UNITS | BEFORE_NUMBERS | _set(
    "i i'm im i'll am will it it's this is on the a my now just got have ok yes can take taking looking look into checking "
    "check investigating working way here online logged logging asap soon right away already joining join be there"
)  # fmt: skip
"""What may stand after `ack` without putting it into doubt. Anything else may take it back, so it does."""

NEGATIONS = _set("? not no don't don’t dont never ack")
"""What puts `escalate` into doubt: waking one more person is the safe side, so little does."""

CONTRARY = re.compile(
    r"\b(can['’]?t|cannot|can not|unable|not able|not available|unavailable|escalate|pass (it|this) on|some(one|body) else|"
    r"off sick|i am (ill|sick)|i['’]?m (ill|sick)|wrong person|not me|won['’]?t)\b",
    re.IGNORECASE,
)
"""What takes an acknowledgement back in a line below it."""

SIGNED = re.compile(
    r"^([-_=]{2,}|((best|kind|many|warm)\s+)?(regards|wishes)\b|(best|cheers|thanks|thank you)\b)", re.IGNORECASE
)
"""Where a letter ends and small print begins."""
