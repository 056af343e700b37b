-- Senders whose clocks differ from this one: by how much, from the times that they write. Negative is behind, at least so much.
CREATE TABLE clock_skews (
    integration_id uuid PRIMARY KEY REFERENCES integrations ON DELETE CASCADE,
    by interval NOT NULL,
    key text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    told_at timestamptz
);
