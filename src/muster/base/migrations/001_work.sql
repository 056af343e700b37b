-- Durable work: one row a job until it is done. The lease and its token fence a worker that was thought dead.
CREATE TABLE work (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    leased_by text,
    lease_until timestamptz,
    token bigint NOT NULL DEFAULT 0,
    last_error text NOT NULL DEFAULT '',
    dead boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    UNIQUE (kind, key),
    CHECK ((leased_by IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX work_due ON work (run_at) WHERE NOT dead AND lease_until IS NULL;
CREATE INDEX work_leased ON work (lease_until) WHERE lease_until IS NOT NULL;

-- Answers already given to a write, so that a repeated request is answered again and not done again.
CREATE TABLE idempotency (
    actor text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_digest text NOT NULL,
    status integer NOT NULL,
    body bytea NOT NULL,
    content_type text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
