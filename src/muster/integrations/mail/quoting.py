"""The first thing that a mail says by itself: above or below what it quotes, without signature, from text or HTML. Pure."""

import re
from html.parser import HTMLParser

_QUOTED = re.compile(r"^\s*[>|]")
_WROTE = r"(wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napsal\(a\)|kirjoitti|napisał)"
_ATTRIBUTION = re.compile(
    rf"^\s*(On|Am|Le|El|Il|Op|Den|Em|Dne|W dniu|Pe|Quoting)\b.*\b{_WROTE}\b.*:?\s*$", re.IGNORECASE
)
_ATTRIBUTION_BEGINS = re.compile(r"^\s*(On|Am|Le|El|Il|Op|Den|Em|Dne|W dniu)\b.*\d{1,2}.*$", re.IGNORECASE)
_ATTRIBUTION_ENDS = re.compile(rf".*\b{_WROTE}\b.*:\s*$|^.*<\S+@\S+>.*:\s*$", re.IGNORECASE)
_CUT = re.compile(
    r"^\s*(-{2,}\s*(Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Forwarded message).*|_{10,}"
    r"|(From|Von|De|Da|Van|Från):\s.*@.*|--\s?)$",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"^\s*(Sent from|Get Outlook for|Von meinem .* gesendet|Gesendet (von|mit)|Envoyé de|Enviado desde)\b",
    re.IGNORECASE,
)
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "pre", "hr"})
_SILENT = frozenset({"script", "style", "head", "title", "blockquote"})
_QUOTES = re.compile(
    r"\b(gmail_quote|gmail_signature|moz-cite-prefix|moz-signature|yahoo_quoted|OutlookMessageHeader)\b"
)
_VOID = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"}
)
LONGEST = 64 * 1024


def first_line(text: str) -> str:
    """The first line that is the writer's own; empty when there is none."""
    lines = text[:LONGEST].replace("\u00a0", " ").replace("\u200b", "").splitlines()
    skip = False
    for at, line in enumerate(lines):
        if skip:
            skip = False
            continue
        if not line.strip() or _QUOTED.match(line) or _SENT_FROM.match(line) or _ATTRIBUTION.match(line):
            continue
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _ATTRIBUTION_BEGINS.match(line) and _ATTRIBUTION_ENDS.match(following):
            skip = True
            continue
        if _CUT.match(line):
            break
        return line.strip()
    return ""


def text_of_html(html: str) -> str:
    """What an HTML mail says, without what it quotes."""
    reader = _Reader()
    try:
        reader.feed(html[: 8 * LONGEST])
        reader.close()
    except (AssertionError, ValueError):
        return ""
    return "".join(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.found.append("\n")
        if tag in _VOID:
            return
        values = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        hidden = tag in _SILENT or bool(_QUOTES.search(values)) or "divRplyFwdMsg" in values or "appendonsend" in values
        self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.found.append("\n")
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.found.append(re.sub(r"\s+", " ", data))
