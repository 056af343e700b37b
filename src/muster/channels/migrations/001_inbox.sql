-- The built-in inbox: what was sent to somebody who has no other channel yet, or in a demonstration.
CREATE TABLE inbox_messages (
    id uuid PRIMARY KEY,
    box text NOT NULL,
    key text NOT NULL,
    message jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (box, key)
);
CREATE INDEX inbox_messages_recent ON inbox_messages (box, received_at DESC);
