"""What the ledger says of chats and browsers."""

EVENTS: dict[str, str] = {
    "ChatLinkMade": "Somebody asked for a code with which their chat names itself to the bot.",
}
