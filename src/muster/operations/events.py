"""What the ledger says of this Muster itself: its keys, and which one is the real one."""

from muster.ledger.event_kind import EventKind, declared

LINK_KEY_ROTATED = EventKind(
    "LinkKeyRotated", "The key that signs one-tap links was exchanged: those that were out end."
)
PUSH_KEY_ROTATED = EventKind(
    "PushKeyRotated", "The key for web push was exchanged: browsers that had subscribed were taken out of use."
)
SECRETS_SEALED_ANEW = EventKind(
    "SecretsSealedAnew", "Secrets at rest were sealed with another key; the data say how many and which key."
)
INSTANCE_ADOPTED = EventKind(
    "InstanceAdopted",
    "An operator said that this Muster, which looked like a copy of another, is the real one now.",
    sensitive=True,
)

EVENTS = declared(globals())
