"""Text out of bytes whose character set a stranger names: only sets that texts are in, and none that takes long."""

import codecs

_NO_CHARSETS = frozenset(
    ["punycode", "idna", "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape", "utf-7"]
)
"""Python's own encodings of names and of source text. No body is in one; the first takes time by the square of the length."""


def text_of(raw: bytes, charset: str) -> str:
    """The text, with a replacement character where a byte means nothing.

    Raises:
        LookupError: nobody knows the character set.
    """
    try:
        if codecs.lookup(charset).name in _NO_CHARSETS:
            raise LookupError(charset)
        return raw.decode(charset, "replace")
    except (ValueError, UnicodeError):
        raise LookupError(charset) from None
