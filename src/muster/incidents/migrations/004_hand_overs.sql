-- A role of an incident that its holder hands to somebody else, who must accept; until then nothing changes.
CREATE TABLE hand_overs (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incidents,
    role text NOT NULL,
    from_person_id uuid REFERENCES persons,
    to_person_id uuid NOT NULL REFERENCES persons,
    asked_by text NOT NULL,
    note text NOT NULL DEFAULT '',
    page_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'accepted', 'declined', 'withdrawn', 'timed_out')),
    ended_at timestamptz,
    ended_reason text NOT NULL DEFAULT '',
    CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX hand_overs_asked ON hand_overs (incident_id, role) WHERE state = 'asked';
CREATE INDEX hand_overs_by_incident ON hand_overs (incident_id, asked_at);

-- When an alert that fired again last led to more than a line in the timeline.
ALTER TABLE incidents ADD COLUMN fired_again_at timestamptz;
