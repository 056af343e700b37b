-- Where signals come from. The key is looked up by its digest and shown again only from its sealed form.
CREATE TABLE integrations (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title text NOT NULL DEFAULT '',
    format text NOT NULL,
    key_digest bytea NOT NULL UNIQUE,
    key_sealed text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    last_signal_at timestamptz
);

-- What was received, as it was received. Append-only; refused requests are kept with their faults.
CREATE TABLE signals (
    id uuid PRIMARY KEY,
    integration_id uuid NOT NULL REFERENCES integrations ON DELETE CASCADE,
    received_at timestamptz NOT NULL,
    path text NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    body bytea NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'malformed', 'deferred')),
    faults jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX signals_by_integration ON signals (integration_id, received_at DESC);

-- A condition, deduplicated by its integration's key. `episode` counts how often it began.
CREATE TABLE alerts (
    id uuid PRIMARY KEY,
    integration_id uuid NOT NULL REFERENCES integrations ON DELETE CASCADE,
    key text NOT NULL,
    status text NOT NULL CHECK (status IN ('firing', 'acknowledged', 'resolved')),
    title text NOT NULL,
    description text NOT NULL,
    labels jsonb NOT NULL,
    annotations jsonb NOT NULL,
    severity_hint text NOT NULL,
    links jsonb NOT NULL,
    next_step text NOT NULL,
    group_hint text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    resolved_at timestamptz,
    episode integer NOT NULL DEFAULT 1 CHECK (episode >= 1),
    signal_count bigint NOT NULL DEFAULT 1,
    hold text NOT NULL DEFAULT '' CHECK (hold IN ('', 'silence', 'maintenance', 'flapping')),
    hold_reason text NOT NULL DEFAULT '',
    hold_ref uuid,
    verdict text CHECK (verdict IN ('real', 'false')),
    signal_id uuid NOT NULL,
    UNIQUE (integration_id, key),
    CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX alerts_recent ON alerts (changed_at DESC, id DESC);
CREATE INDEX alerts_active ON alerts (changed_at DESC, id DESC) WHERE status <> 'resolved';
CREATE INDEX alerts_ending ON alerts (ends_at) WHERE status <> 'resolved' AND ends_at IS NOT NULL;
CREATE INDEX alerts_held ON alerts (hold) WHERE hold <> '';
CREATE INDEX alerts_labels ON alerts USING gin (labels jsonb_path_ops);

-- Each change of an alert's status, with its reason: flapping and fidelity are computed from these.
CREATE TABLE alert_transitions (
    alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
    at timestamptz NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    signal_id uuid
);
CREATE INDEX alert_transitions_by_alert ON alert_transitions (alert_id, at DESC);

-- Silences mute matching alerts; a maintenance window is one that was planned.
CREATE TABLE silences (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('silence', 'maintenance')),
    integration_id uuid REFERENCES integrations ON DELETE CASCADE,
    matchers jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at >= starts_at),
    created_by text NOT NULL,
    comment text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX silences_by_end ON silences (ends_at DESC);
