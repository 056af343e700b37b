"""How each channel is set up, in words: what this Muster still needs for it, and what a person enters."""

from dataclasses import dataclass
from importlib.util import find_spec

from muster.base.settings import Settings
from muster.channels.chat_guides import GUIDES


@dataclass(frozen=True, slots=True)
class Guide:
    """`ready` tells whether pages can leave by it now, `stands` how it stands, `steps` what to do, in order."""

    ready: bool
    stands: str
    steps: tuple[str, ...]


def guide(kind: str, settings: Settings) -> Guide:
    """The guide of a channel; a kind that is not known here needs nothing."""
    if kind in GUIDES:
        return Guide(*GUIDES[kind](settings))
    make = {"email": _email, "webhook": _webhook, "ntfy": _ntfy, "apprise": _apprise, "inbox": _inbox}
    return make[kind](settings) if kind in make else Guide(True, "Ready.", ())


def _email(settings: Settings) -> Guide:
    contact = "Each person adds an e-mail contact; without one, the address of their account is the last resort."
    if settings.smtp_host:
        stands = f"Mail leaves through {settings.smtp_host}:{settings.smtp_port} as {settings.smtp_from}."
        if settings.mail_in:
            return Guide(True, f"{stands} Answers are read: a reply with ack acknowledges.", (contact,))
        answers = (
            "To let people acknowledge by a reply, set MUSTER_MAIL_IN to an address, and MUSTER_MAIL_PORT to take its mail "
            "by SMTP or MUSTER_IMAP_HOST to read its mailbox."
        )
        return Guide(True, stands, (contact, answers))
    return Guide(
        False,
        "Off: no mail server is set.",
        (
            "Set MUSTER_SMTP_HOST and MUSTER_SMTP_FROM, and where the server asks for it MUSTER_SMTP_USER and "
            "MUSTER_SMTP_PASSWORD (MUSTER_SMTP_SECURITY is starttls, tls or none).",
            "Restart Muster.",
            contact,
        ),
    )


def _webhook(settings: Settings) -> Guide:
    reach = (
        ""
        if settings.allow_private_targets
        else " Private and loopback addresses are refused (MUSTER_ALLOW_PRIVATE_TARGETS)."
    )
    return Guide(
        True,
        f"Ready.{reach}",
        (
            "Add a webhook contact with the address that takes a POST.",
            "Verify the signature (standard-webhooks) with the contact's own secret, or with that of this Muster.",
        ),
    )


def _ntfy(settings: Settings) -> Guide:
    token = f" The access token goes to {settings.ntfy_server} only." if settings.ntfy_token else ""
    return Guide(
        True,
        f"Ready.{token}",
        (
            "Install the ntfy app and subscribe to a topic with a name that nobody guesses.",
            "Add an ntfy contact with the topic's address, such as https://ntfy.sh/your-topic.",
            "Pages ring with buttons to acknowledge and to escalate; they work without sign-in.",
        ),
    )


def _apprise(settings: Settings) -> Guide:
    if find_spec("apprise") is None:
        return Guide(
            False,
            "Not installed: Discord, Pushover, Webex and others need Apprise.",
            ("Install it: make apprise, or pip install 'muster-incidents[apprise]'.", "Restart Muster."),
        )
    return Guide(
        True,
        "Ready: Discord, Pushover, Webex and others.",
        ("Add an apprise contact with the service's address, such as discord://webhook-id/webhook-token.",),
    )


def _inbox(settings: Settings) -> Guide:
    return Guide(
        True,
        "Ready: it needs no provider. Good for a first try and for drills; it wakes nobody.",
        ("Add an inbox contact with your name as the box.", "Read it here, under Inbox."),
    )
