-- What was deployed, configured, toggled or moved, as reported; a repeat of the same key changes nothing.
CREATE TABLE changes (
    id uuid PRIMARY KEY,
    integration_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    labels jsonb NOT NULL,
    links jsonb NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (integration_id, key)
);
CREATE INDEX changes_recent ON changes (at DESC, id DESC);
