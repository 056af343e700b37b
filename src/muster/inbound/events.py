"""What the ledger says of those who send signals."""

from muster.ledger.event_kind import EventKind, declared

SUBSCRIPTION_CONFIRMED = EventKind(
    "SubscriptionConfirmed", "Muster confirmed that a topic of Amazon SNS may send to an integration."
)
SUBSCRIPTION_REFUSED = EventKind(
    "SubscriptionRefused", "Muster did not confirm a subscription of Amazon SNS; the reason says why."
)
SENDER_ASKED = EventKind(
    "SenderAsked",
    "A client of Opsgenie's API asked to do something with an alert; the reason says why it was not done.",
)

EVENTS = declared(globals())
