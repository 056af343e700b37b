-- What the last synthetic page through each channel came to.
CREATE TABLE loop_rounds (
    channel text PRIMARY KEY,
    closed boolean NOT NULL,
    at timestamptz NOT NULL,
    took interval NOT NULL,
    good_at timestamptz,
    failing_since timestamptz,
    failures integer NOT NULL CHECK (failures >= 0),
    reason text NOT NULL,
    told boolean NOT NULL,
    CHECK ((failures = 0) = (failing_since IS NULL))
);

-- Synthetic pages that came back, by their mark; each is forgotten once it was looked at.
CREATE TABLE loop_marks (
    mark uuid PRIMARY KEY,
    sent_at timestamptz NOT NULL,
    back_at timestamptz
);
