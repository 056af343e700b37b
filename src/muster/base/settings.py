"""Every setting of the process: one field, one MUSTER_ variable, one documented sentence."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from muster.kit.errors import Fault, Invalid

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _setting(default: Any, sentence: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"sentence": sentence, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `docs/reference/settings.md` is checked against these fields by a test."""

    data_dir: Path = _setting(Path("var"), "Where Muster keeps its database, keys and spool.")
    host: str = _setting("127.0.0.1", "The address to listen on; 0.0.0.0 for all.")
    port: int = _setting(8600, "The port to listen on.")
    public_url: str = _setting("", "The address that people reach Muster at, for links in pages; empty: host and port.")
    database_url: str = _setting("", "An external PostgreSQL 15+; empty: Muster runs its own.", secret=True)
    listen_database_url: str = _setting(
        "",
        "The same database without a pooler between, to listen at: for a MUSTER_DATABASE_URL that leads through PgBouncer.",
        secret=True,
    )
    statement_cache: int = _setting(
        256, "Prepared statements kept a connection; 0 behind a transaction-pooling PgBouncer."
    )
    pool_size: int = _setting(
        16, "Database connections of this node: a quarter each for alerts and paging, else visitors."
    )
    node: str = _setting(
        "",
        "This node's name, which no other that shares the database may have; empty: the host's with a random ending.",
    )
    allow_private_targets: bool = _setting(False, "Let webhooks and channels reach private and loopback addresses.")
    secret_key: str = _setting(
        "", "The key that encrypts secrets at rest; empty: a key file in the data directory.", secret=True
    )
    log_level: str = _setting("info", "debug, info, warning or error.")
    log_format: str = _setting("text", "text for people or json for machines.")
    secure_cookies: bool = _setting(False, "Mark cookies Secure; so they are anyway where MUSTER_PUBLIC_URL is https.")
    hsts: bool = _setting(
        True,
        "From an https MUSTER_PUBLIC_URL, have browsers insist on https for a year (HSTS); 0: leave that to a proxy.",
    )
    breached_passwords: str = _setting(
        "", "A file of SHA-1 hashes of breached passwords, ordered by hash (Have I Been Pwned's format); empty: none."
    )
    smtp_host: str = _setting("", "The mail server for e-mail pages; empty: e-mail is off.")
    smtp_port: int = _setting(587, "The mail server's port.")
    smtp_user: str = _setting("", "The user name at the mail server.")
    smtp_password: str = _setting("", "The password at the mail server.", secret=True)
    smtp_security: str = _setting("starttls", "starttls, tls or none.")
    smtp_from: str = _setting("muster@localhost", "The sender of e-mail pages.")
    ntfy_server: str = _setting("https://ntfy.sh", "The ntfy server that gets the access token; no other does.")
    ntfy_token: str = _setting("", "The access token for protected ntfy topics.", secret=True)
    slack_token: str = _setting(
        "", "The bot token (xoxb-…) of your Slack app; empty: incoming webhooks only.", secret=True
    )
    slack_signing_secret: str = _setting(
        "",
        "Your Slack app's signing secret, by which its buttons and replies are believed; empty: links only.",
        secret=True,
    )
    slack_api: str = _setting("https://slack.com/api", "Slack's Web API; https://slack-gov.com/api for GovSlack.")
    mattermost_url: str = _setting("", "Your Mattermost server; empty: incoming webhooks only.")
    mattermost_token: str = _setting("", "The access token of Muster's bot account in Mattermost.", secret=True)
    mattermost_command_token: str = _setting(
        "",
        "The token of the slash command in Mattermost, by which answers are believed; empty: buttons only.",
        secret=True,
    )
    telegram_token: str = _setting("", "The token of your Telegram bot; empty: Telegram is off.", secret=True)
    telegram_answers: str = _setting(
        "polling", "How answers come from Telegram: polling (works behind a firewall), webhook or off."
    )
    telegram_api: str = _setting("https://api.telegram.org", "The Bot API's server, for one of your own.")
    web_push_contact: str = _setting(
        "",
        "mailto: or https: address by which push services reach whoever runs this Muster; empty: made of the others.",
    )
    sms_vendors: str = _setting(
        "", "Who carries text messages, the preferred first: twilio,smpp,modem or a gateway's name; empty: all set up."
    )
    voice_vendors: str = _setting(
        "", "Who makes calls, the preferred first: twilio or a gateway's name; empty: all set up."
    )
    sms_from: str = _setting("", "The sender of text messages by SMPP and gateways; empty: MUSTER_TWILIO_FROM.")
    sms_segments: int = _setting(3, "How many parts a text message may take; each costs like one.")
    voice_language: str = _setting("en-US", "The language in which calls are pronounced, such as en-GB.")
    twilio_account: str = _setting("", "The account (AC…) at Twilio; empty: Twilio is off.")
    twilio_token: str = _setting("", "The auth token at Twilio; it also proves Twilio's callbacks.", secret=True)
    twilio_from: str = _setting("", "The sender at Twilio: a number (+1…), a short code, a messaging service (MG…).")
    twilio_caller: str = _setting("", "The number that calls come from at Twilio; empty: MUSTER_TWILIO_FROM.")
    twilio_url: str = _setting("https://api.twilio.com", "Twilio's API, for another region or what speaks the same.")
    gateways: str = _setting(
        "", "HTTP gateways for text messages and calls: JSON, or the path of a JSON file.", secret=True
    )
    smpp: str = _setting("", "A message centre by SMPP 3.4: smpp://user:password@host:2775.", secret=True)
    modem: str = _setting("", "A modem with a SIM card for text messages, such as /dev/ttyUSB0@115200.")
    modem_pin: str = _setting("", "The PIN of the modem's SIM card.", secret=True)
    mail_in: str = _setting(
        "", "The address below which answers to pages and alerts by e-mail arrive; empty: none are read."
    )
    mail_host: str = _setting("0.0.0.0", "The address on which Muster takes mail.")
    mail_port: int = _setting(0, "The port on which Muster takes mail by SMTP; 0: it does not.")
    mail_certificate: str = _setting("", "The certificate (PEM) for STARTTLS on that port; empty: without TLS.")
    mail_key: str = _setting("", "The certificate's private key (PEM).")
    imap_host: str = _setting("", "A mailbox that such mail arrives in, read by IMAP; empty: none is read.")
    imap_port: int = _setting(993, "The mailbox's port.")
    imap_security: str = _setting("tls", "tls, starttls or none.")
    imap_user: str = _setting("", "The user name at the mailbox.")
    imap_password: str = _setting("", "The password at the mailbox.", secret=True)
    imap_folder: str = _setting("INBOX", "The folder that answers arrive in.")
    imap_every: int = _setting(15, "Seconds between two looks into the mailbox.")
    ntfy_watch_topic: str = _setting(
        "", "A topic of that server through which Muster watches its own way to ntfy; empty: it is not watched."
    )
    heartbeat_url: str = _setting(
        "", "An outside address that Muster calls while it is well; empty: none. It holds a key.", secret=True
    )
    heartbeat_every: int = _setting(60, "Seconds between calls of that address.")
    keep_signals: int = _setting(
        90, "Days that requests of senders are kept as they were sent, the last of each alert longer; 0: for ever."
    )
    keep_refused: int = _setting(30, "Days that refused requests are kept; 0: for ever.")
    keep_addresses: int = _setting(
        365, "Days that the address of a sent message and its provider's answers are kept; 0: for ever."
    )
    keep_messages: int = _setting(90, "Days that messages stay in the built-in inbox; 0: for ever.")
    keep_sign_ins: int = _setting(90, "Days that ended sessions, unused browsers and used links are kept; 0: for ever.")
    metrics_from: str = _setting(
        "127.0.0.0/8,::1", "Addresses and networks that read /metrics without a token; empty: a token always."
    )
    security_contact: str = _setting(
        "", "mailto: or https: address for those who found a weakness; with it /.well-known/security.txt is served."
    )
    seals_to: str = _setting(
        "",
        "Where each seal of the ledger is sent: a folder on another machine, or an https address; empty: nowhere.",
        secret=True,
    )
    trusted_proxies: str = _setting(
        "127.0.0.0/8,::1",
        "Addresses and networks of the proxies whose X-Forwarded-For tells where a request comes from; empty: none.",
    )
    max_body: int = _setting(4 * 1024 * 1024, "The largest accepted request, in bytes.")
    url: str = _setting("", "For the command line: the Muster to talk to; empty: the local one.")
    token: str = _setting("", "For the command line: the API token.", secret=True)

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def https(self) -> bool:
        """Whether people reach Muster over https."""
        return self.base_url.lower().startswith("https://")

    @property
    def secure(self) -> bool:
        """Whether cookies travel over https only, under names that no other host can set."""
        return self.secure_cookies or self.https


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment.

    Raises:
        Invalid: one fault for each variable that cannot be read.
    """
    values: dict[str, Any] = {}
    faults = []
    for each in fields(Settings):
        name = f"MUSTER_{each.name.upper()}"
        if name not in environment:
            continue
        try:
            values[each.name] = _read(each.default, environment[name].strip())
        except ValueError as error:
            faults.append(Fault(name, str(error)))
    if faults:
        raise Invalid("Some settings cannot be read.", faults=faults)
    return Settings(**values)


def _read(default: Any, text: str) -> Any:
    if isinstance(default, bool):
        if text.lower() not in TRUE | FALSE:
            raise ValueError(f"{text!r} is neither 1 nor 0.")
        return text.lower() in TRUE
    if isinstance(default, int):
        if not text.isdecimal():
            raise ValueError(f"{text!r} is not a whole number.")
        return int(text)
    return Path(text).expanduser() if isinstance(default, Path) else text
