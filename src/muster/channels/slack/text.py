r"""A stranger's text in Slack's mrkdwn: every sign is shown, none means anything.

Slack has no escape for `*`, `_`, `~` and back-ticks: a space without width beside one keeps it from opening or closing
anything. Signs inside of words, as in `disk_usage_percent`, mean nothing to Slack and stay untouched.
"""

import re

_NOTHING = "\u200b"
_SIGN = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]+:)")
_QUOTE = re.compile(r"^(\s*)(?=>|\u2022)", re.MULTILINE)


def escape(text: str) -> str:
    """Text in which Slack finds no link, mention or command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Text of which Slack shows each sign as it stands."""
    quiet = _SIGN.sub(lambda sign: f"{_NOTHING}{sign.group()}{_NOTHING}", text)
    return escape(_QUOTE.sub(rf"\1{_NOTHING}", _EMOJI.sub(f":{_NOTHING}", quiet)))
