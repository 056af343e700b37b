"""The words that an answer to a page may use, and those that put it into doubt. Pure."""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = {
    **dict.fromkeys(_set("ack acknowledge acknowledged acked ackd ack'd acking acknowledging"), "acknowledge"),
    **dict.fromkeys(_set("escalate esc"), "escalate"),
    **dict.fromkeys(_set("help ? info"), "help"),
}
"""Words that say what is asked for, by what they ask for, wherever they stand first."""

BRIEF = {
    **dict.fromkeys(_set("1 yes y yep yup yeah ok okay taken mine accept accepted 👍 ✅ 👌 ✔ 🫡"), "acknowledge"),
    **dict.fromkeys(_set("2 pass next"), "escalate"),
}
"""Words that mean something only when they stand alone or with a reference: `ok, who broke it?` takes nothing."""

PLAIN_YES = re.compile(
    r"^(?P<before>[\s*_`\"'(]*)((ok|okay|yes|yep|yeah|thanks|thx|hi|hello|hey|[👍✅👌✔🫡])[\s,.!;:]+)*"
    r"(((i'm|im|i am) )?(on it|taking (it|this)( one)?|working on it|looking (into|at) (it|this)|on my way)"
    r"|(i'll|i will|i can) (take|look into|look at|handle) (it|this)( one)?|((i|i've|ive|i have) )?got (it|this)( one)?"
    r"|i (have|take) (it|this)( one)?|i (ack|acknowledge))(?![\w'-])"
)
"""Sentences that say what `ack` says, where a line begins with one; what may follow is as narrow as behind `ack`."""

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

HARMLESS_SIGNS = frozenset("~&+/👍✅👌✔🫡🙏💪🙂😊")
"""Signs that may stand after `ack` without putting it into doubt."""

NEGATIONS = _set("? not no don't don’t dont never ack")
"""What puts `escalate` into doubt: waking one more person is the safe side, so little does."""

CONTRARY = re.compile(
    r"\b(can'?t|cannot|can not|could ?n[o']?t|unable|not able|not available|unavailable|escalate|pass (it|this) on|"
    r"(some|any)(one|body)( else)?|off sick|on (vacation|holiday|leave|pto)|out of (the )?office|"
    r"(i am|i'?m) (ill|sick|off|away|out|asleep|not|in bed)|no (laptop|internet|network|access|signal)|"
    r"wrong person|not me|won'?t|do(es)? ?n[o']?t|did ?n[o']?t|scratch (that|it)|never ?mind|by mistake|"
    r"(please|pls) take|take over|"
    r"(ignore|cancel|undo|forget|disregard) (that|this|it|my)|automatic reply|auto-?reply|abwesenheit|absence)\b"
    r"|^[\s*-]*(no|nope|not|actually|cancel|undo|wait|stop|ignore|oops|sorry|nack|asleep|un-?ack)\b",
    re.IGNORECASE,
)
"""What takes an acknowledgement back in a line below it."""

ASKS = re.compile(r"\?(?![\w=%&])")
"""A question below an acknowledgement; what stands in an address is none."""

JOINS = re.compile(
    r"(of|and|the|at|for|de|da|von|van|der|den|du|la|le|et|und|m|t|p|f|mobile|phone|tel|[<\w.-]*[./@:][\w./@:?=&%>-]*)[.:,]?"
)
"""What may be written small in a name, a role or an address below an answer."""

SIGNED = re.compile(
    r"^([-_=]{2,}|(sent|gesendet|von meinem|envoy\u00e9|enviado|inviato|verzonden|get outlook|holen sie)\b|"
    r"((best|kind|many|warm)\s+)?(regards|wishes)\b|(best|cheers|thanks|thank you)\b)",
    re.IGNORECASE,
)
"""Where a letter ends and small print begins."""
