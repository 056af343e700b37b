"""Where the message centre is, from one URL: `smpp://user:password@host:2775?window=10`. Pure."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from muster.kit.errors import Fault

SETTING = "MUSTER_SMPP"
_OPTIONS = frozenset({"window", "system_type", "alphabet"})
_ALPHABETS = frozenset({"gsm", "latin1", "wide"})


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """`window` is how many messages may be under way unanswered; `alphabet` what the centre takes data_coding 0 for: `gsm`
    or `latin1`; with `wide` every text goes as UCS-2. Times in seconds."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    secure: bool = False
    system_type: str = ""
    window: int = 10
    alphabet: str = "gsm"
    sender: str = ""
    enquire_every: float = 30.0
    patience: float = 10.0
    rest: float = 1.0


def read_smpp(text: str, sender: str) -> SmppSettings | Fault:
    """The settings of a URL, or what is wrong with it."""
    fix = "Write it like smpp://user:password@smsc.example:2775, or smpps:// for TLS."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return Fault(SETTING, "This is no URL.", fix)
    if parts.scheme not in ("smpp", "smpps") or not parts.hostname:
        return Fault(SETTING, "This is no address of a message centre.", fix)
    if not parts.username:
        return Fault(SETTING, "The account (system_id) is missing.", fix)
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - _OPTIONS):
        return Fault(SETTING, f"There is no option {unknown[0]}.", f"Use {', '.join(sorted(_OPTIONS))}.")
    window = options.get("window", "10")
    if not window.isdecimal() or not 1 <= int(window) <= 1000:
        return Fault(SETTING, f"window is a number from 1 to 1000, not {window!r}.")
    alphabet = options.get("alphabet", "gsm")
    if alphabet not in _ALPHABETS:
        return Fault(SETTING, f"alphabet is gsm, latin1 or wide, not {alphabet!r}.")
    secure = parts.scheme == "smpps"
    return SmppSettings(
        host=parts.hostname,
        port=port or (3550 if secure else 2775),
        system_id=unquote(parts.username),
        password=unquote(parts.password or ""),
        secure=secure,
        system_type=options.get("system_type", ""),
        window=int(window),
        alphabet=alphabet,
        sender=sender,
    )
