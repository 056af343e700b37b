"""What a mail says by itself: above or below what it quotes, without signature, from text or HTML. Pure."""

import re
from html.parser import HTMLParser

from muster.paging.answer import plain

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
_WARNING = re.compile(
    r"^\W*(caution|warning|attention|notice|alert|external|extern|achtung|vorsicht|warnung|hinweis|prudence|alerte|attenzione"
    r"|cuidado|atención|atenção|let op|this (e-?mail|message) (originated|was sent|comes|came) from outside)\b",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"e-?mail|message|sender|external|extern|outside|organi[sz]|link|attachment|nachricht|absender|expéditeur|mittente|remitente",
    re.IGNORECASE,
)
_SELDOM = re.compile(
    r"(don['’]?t (often|usually) (get|receive)|erhalten nicht (oft|häufig)) e-?mails? (from|von)", re.IGNORECASE
)
_UNCLOSED = re.compile(r"<(?![^<>]{0,4096}>)")
"""What begins no tag, or one without an end: Python's reader looks for the end through all that follows, for each of them."""
LONGEST = 64 * 1024
LINES = 12
FOLDS = 5


def own_text(text: str) -> str:
    """The writer's own lines, at most LINES of them; empty when there are none."""
    lines = plain(text[:LONGEST]).splitlines()
    own: list[str] = []
    at = 0
    while at < len(lines) and len(own) < LINES:
        line = lines[at]
        if _CUT.match(line):
            break
        quoted = _attribution(lines, at) or (0 if own else _banner(lines, at))
        if not quoted and not (_QUOTED.match(line) or _SENT_FROM.match(line)) and line.strip():
            own.append(line.strip())
        at += quoted or 1
    return "\n".join(own)


def _attribution(lines: list[str], at: int) -> int:
    """How many lines say whose words are quoted below; 0 where none do. Long names and addresses fold them."""
    if _ATTRIBUTION.match(lines[at]):
        return 1
    if _ATTRIBUTION_BEGINS.match(lines[at]):
        for more in range(1, min(FOLDS, len(lines) - at)):
            if not lines[at + more].strip():
                return 0
            if _ATTRIBUTION_ENDS.match(lines[at + more]):
                return more + 1
    return 0


def _banner(lines: list[str], at: int) -> int:
    """How many lines a mail system put before what somebody wrote, to warn of mail from outside; 0 where it did not."""
    end = next((below for below in range(at, len(lines)) if not lines[below].strip()), len(lines))
    paragraph = " ".join(line.strip() for line in lines[at:end])
    warns = _SELDOM.search(paragraph) or (_WARNING.match(paragraph) and _OF_MAIL.search(paragraph))
    return end - at if warns else 0


def text_of_html(html: str) -> str:
    """What an HTML mail says, without what it quotes."""
    reader = _Reader()
    try:
        reader.feed(_UNCLOSED.sub("&lt;", _without_comments(html[: 8 * LONGEST])))
        reader.close()
    except (AssertionError, ValueError):
        return ""
    return "".join(reader.found)


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, html[at:]])


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
