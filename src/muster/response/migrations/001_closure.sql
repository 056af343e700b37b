-- Who declared an item of an incident's closure checklist, and who took it back (R188-R192).
CREATE TABLE closure_attestations (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incidents,
    name text NOT NULL,
    person_id uuid REFERENCES persons,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    note text NOT NULL DEFAULT '',
    withdrawn_at timestamptz,
    withdrawn_by text NOT NULL DEFAULT '',
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by = ''))
);
CREATE UNIQUE INDEX closure_attestations_standing ON closure_attestations (incident_id, name) WHERE withdrawn_at IS NULL;
