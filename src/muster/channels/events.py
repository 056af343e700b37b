"""What the ledger says of chats and browsers, and of moving here from another tool."""

from muster.ledger.event_kind import EventKind, declared

CHAT_LINK_MADE = EventKind("ChatLinkMade", "Somebody asked for a code with which their chat names itself to the bot.")

EVENTS = declared(globals())
