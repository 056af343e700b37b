-- What a person wants to hear about their shifts; no row means the usual.
CREATE TABLE shift_notice_choices (
    person_id uuid PRIMARY KEY REFERENCES persons,
    before interval CHECK (before > interval '0' AND before <= interval '14 days'),
    at_start boolean NOT NULL,
    at_end boolean NOT NULL,
    changes boolean NOT NULL
);

-- What was told, so that it is told once: whoever inserts the row sends the notice, in the same transaction.
CREATE TABLE shift_notices (
    person_id uuid NOT NULL REFERENCES persons,
    schedule_id uuid NOT NULL REFERENCES schedules,
    moment text NOT NULL CHECK (moment IN ('before', 'start', 'end')),
    edge timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, schedule_id, moment, edge)
);
CREATE INDEX shift_notices_sent ON shift_notices (sent_at);
