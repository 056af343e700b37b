"""How chats and browsers are set up, in words; `guides` has the form and the other channels."""

from collections.abc import Callable

from muster.base.settings import Settings

Words = tuple[bool, str, tuple[str, ...]]
"""Ready, how it stands, what to do."""


def slack(settings: Settings) -> Words:
    """An app with buttons that answer, or incoming webhooks only."""
    webhook = "Or, without an app: create an incoming webhook for a channel, and add a slack contact with its address."
    contact = "Each person adds a slack contact with their member ID (Slack profile, Copy member ID)."
    if not settings.slack_token:
        app = "Create a Slack app with the scope chat:write, install it, and set MUSTER_SLACK_TOKEN to its bot token."
        return (
            True,
            "Ready for incoming webhooks; without an app there are no buttons that answer.",
            (app, contact, webhook),
        )
    if not settings.slack_signing_secret:
        sign = (
            "Set MUSTER_SLACK_SIGNING_SECRET, and in the app turn on Interactivity with the address "
            f"{settings.base_url}/callbacks/slack/actions."
        )
        return True, "The app writes; its buttons are links until Slack's answers can be verified.", (sign, contact)
    events = (
        f"For answers by message, subscribe the app to message.im events at {settings.base_url}/callbacks/slack/events."
    )
    return True, "The app writes, and its buttons answer.", (contact, events, webhook)


def teams(settings: Settings) -> Words:
    """Workflows."""
    steps = (
        "In Teams, open the channel's or chat's menu, Workflows, and choose Send webhook alerts; let anyone trigger it.",
        "Add a teams contact with the address that the workflow shows.",
    )
    return True, "Ready. Acknowledge opens the one-tap page: a workflow reports nothing back.", steps


def mattermost(settings: Settings) -> Words:
    """A bot, or incoming webhooks only."""
    contact = "Each person adds a mattermost contact with their user name."
    reach = f"Let Mattermost call {settings.base_url}: name its host under AllowedUntrustedInternalConnections."
    if not settings.mattermost_url or not settings.mattermost_token:
        bot = "Make a bot account, and set MUSTER_MATTERMOST_URL and MUSTER_MATTERMOST_TOKEN to its access token."
        hook = "Or, without a bot: create an incoming webhook, and add a mattermost contact with its address."
        return True, "Ready for incoming webhooks; their buttons answer.", (bot, contact, reach, hook)
    command = (
        f"For answers by message, make a slash command /muster that posts to {settings.base_url}/callbacks/mattermost/command, "
        "and set MUSTER_MATTERMOST_COMMAND_TOKEN to its token."
    )
    steps = (contact, reach) if settings.mattermost_command_token else (contact, reach, command)
    return True, f"The bot writes at {settings.mattermost_url}, and its buttons answer.", steps


def telegram(settings: Settings) -> Words:
    """A bot."""
    contact = "Each person presses Link Telegram under Me, Contacts, and opens the link in Telegram."
    if not settings.telegram_token:
        bot = "Write to @BotFather, make a bot, and set MUSTER_TELEGRAM_TOKEN to its token."
        return False, "Off: no bot is set.", (bot, "Restart Muster.", contact)
    how = {
        "polling": "The bot writes; Muster asks Telegram for answers, which works behind a firewall.",
        "webhook": f"The bot writes; Telegram brings answers to {settings.base_url}/callbacks/telegram.",
    }
    return True, how.get(settings.telegram_answers, "The bot writes; its buttons are links."), (contact,)


def web_push(settings: Settings) -> Words:
    """Browsers; they insist on HTTPS."""
    steps = (
        "Open Muster on the phone or in the browser that is to ring; on an iPhone, first add it to the home screen.",
        "Under Me, Contacts, press Use this browser or phone, and enter the code that arrives.",
    )
    local = settings.base_url.startswith(("http://127.0.0.1", "http://localhost"))
    if not settings.base_url.startswith("https://") and not local:
        return (
            False,
            "Browsers allow it over HTTPS only.",
            ("Serve Muster over HTTPS and set MUSTER_PUBLIC_URL.", *steps),
        )
    return True, "Ready: no account anywhere is needed, and the browser reports when it has shown a page.", steps


GUIDES: dict[str, Callable[[Settings], Words]] = {
    "slack": slack,
    "teams": teams,
    "mattermost": mattermost,
    "telegram": telegram,
    "web_push": web_push,
}
