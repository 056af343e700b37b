"""The channels of this Muster: one folder each, in the order in which people see them."""

from importlib.util import find_spec

from muster.base.features import resolve_all

FOLDERS = (
    "email",
    "telephony",
    "webhook",
    "ntfy",
    "slack",
    "teams",
    "mattermost",
    "telegram",
    "web_push",
    "apprise",
    "inbox",
)

SETTINGS: tuple[type, ...] = tuple(
    resolve_all(
        f"channels.{folder}.settings:SETTINGS" for folder in FOLDERS if find_spec(f"muster.channels.{folder}.settings")
    )
)
"""What their `settings.py` declare; a command that reads settings imports no channel by it."""
