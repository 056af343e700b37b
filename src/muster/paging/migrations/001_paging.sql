-- A run through one escalation policy for one incident. `steps` are frozen when it starts.
CREATE TABLE pages (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL,
    ref text NOT NULL,
    title text NOT NULL,
    summary text NOT NULL,
    severity text NOT NULL,
    policy text NOT NULL,
    steps jsonb NOT NULL,
    plan_version_id uuid NOT NULL,
    why text NOT NULL,
    next_step text NOT NULL,
    links jsonb NOT NULL,
    facts jsonb NOT NULL,
    roles jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'stopped', 'exhausted')),
    step integer NOT NULL,
    started_at timestamptz NOT NULL,
    next_at timestamptz,
    ended_at timestamptz,
    ended_reason text NOT NULL DEFAULT '',
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX pages_by_incident ON pages (incident_id, started_at);
CREATE INDEX pages_running ON pages (next_at) WHERE state = 'running';

-- A step that was taken: whom each target meant at that moment and why, or why nobody.
CREATE TABLE page_steps (
    page_id uuid NOT NULL REFERENCES pages,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    why text NOT NULL,
    targets jsonb NOT NULL,
    PRIMARY KEY (page_id, number)
);

-- One message to one person on one channel. A test has no page.
CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    page_id uuid REFERENCES pages,
    incident_id uuid,
    step integer NOT NULL DEFAULT 0,
    kind text NOT NULL CHECK (kind IN ('page', 'test', 'notice', 'resolved')),
    person_id uuid NOT NULL REFERENCES persons,
    person text NOT NULL,
    contact_id uuid REFERENCES contacts,
    channel text NOT NULL,
    address text NOT NULL,
    why text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'handed_over', 'delivered', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    reason text NOT NULL DEFAULT '',
    provider_id text NOT NULL DEFAULT '',
    failover_of uuid REFERENCES deliveries,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    ended_at timestamptz,
    CHECK ((kind = 'page') = (page_id IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX deliveries_by_page ON deliveries (page_id, step, created_at);
CREATE INDEX deliveries_by_incident ON deliveries (incident_id, created_at);
CREATE INDEX deliveries_by_person ON deliveries (person_id, created_at DESC);

-- Every attempt to send, with what the provider said.
CREATE TABLE delivery_attempts (
    delivery_id uuid NOT NULL REFERENCES deliveries,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    provider_id text NOT NULL,
    PRIMARY KEY (delivery_id, number)
);
