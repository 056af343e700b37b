-- Which processes are alive, on the database's time. A lease belongs to the process that took it (nodes.id), not to a name.
CREATE TABLE nodes (
    name text PRIMARY KEY CHECK (name <> ''),
    id uuid NOT NULL UNIQUE,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    alive_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- What is due is looked for by kind, so that a kind that waits for a hanging receiver hides no other.
CREATE INDEX work_due_by_kind ON work (kind, run_at) WHERE NOT dead AND lease_until IS NULL;
DROP INDEX work_due;
