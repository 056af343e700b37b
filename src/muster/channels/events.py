"""What the ledger says of chats and browsers, and of moving here from another tool."""

EVENTS: dict[str, str] = {
    "ChatLinkMade": "Somebody asked for a code with which their chat names itself to the bot.",
    "SubscriptionConfirmed": "Muster confirmed that a topic of Amazon SNS may send to an integration.",
    "SubscriptionRefused": "Muster did not confirm a subscription of Amazon SNS; the reason says why.",
    "SenderAsked": "a client of Opsgenie's API asked to do something with an alert; the reason says why it was not done",
    "ImportApplied": "another tool's export was brought in; the data says how many of its objects mapped, and what that changed",
}
