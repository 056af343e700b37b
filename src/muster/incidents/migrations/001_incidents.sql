-- An incident. Its story is the ledger's stream incident:<id>; this row is where it stands now.
CREATE TABLE incidents (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    title text NOT NULL CHECK (title <> ''),
    summary text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('triggered', 'acknowledged', 'mitigated', 'resolved', 'closed')),
    severity text NOT NULL,
    severity_reason text NOT NULL,
    category text NOT NULL,
    plan_version_id uuid NOT NULL REFERENCES plan_versions,
    policies text[] NOT NULL,
    group_key text NOT NULL,
    joins_until timestamptz NOT NULL,
    workload text NOT NULL DEFAULT '',
    component text NOT NULL DEFAULT '',
    source text NOT NULL,
    reporter_id uuid REFERENCES persons,
    on_behalf_of text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by uuid REFERENCES persons,
    mitigated_at timestamptz,
    mitigated_by uuid REFERENCES persons,
    resolved_at timestamptz,
    resolved_by uuid REFERENCES persons,
    closed_at timestamptz,
    closed_by uuid REFERENCES persons,
    false_alarm boolean NOT NULL DEFAULT false,
    merged_into uuid REFERENCES incidents,
    record jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL,
    CHECK (merged_into IS NULL OR state = 'closed'),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (state NOT IN ('resolved') OR resolved_at IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX incidents_open ON incidents (group_key, opened_at DESC) WHERE state IN ('triggered', 'acknowledged', 'mitigated');
CREATE INDEX incidents_recent ON incidents (opened_at DESC, id DESC);
CREATE INDEX incidents_unclosed ON incidents (state, opened_at DESC) WHERE state <> 'closed';

-- Which alerts belong to which incident; an alert may have belonged to several over time.
CREATE TABLE incident_alerts (
    incident_id uuid NOT NULL REFERENCES incidents,
    alert_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (incident_id, alert_id)
);
CREATE INDEX incident_alerts_by_alert ON incident_alerts (alert_id, joined_at DESC);

-- Who held which role, from when until when; one person a role at a time.
CREATE TABLE incident_roles (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incidents,
    role text NOT NULL,
    person_id uuid NOT NULL REFERENCES persons,
    assigned_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX incident_roles_held ON incident_roles (incident_id, role) WHERE ended_at IS NULL;
CREATE INDEX incident_roles_by_person ON incident_roles (person_id) WHERE ended_at IS NULL;

-- Severity as the understanding changed (R20).
CREATE TABLE incident_severities (
    incident_id uuid NOT NULL REFERENCES incidents,
    at timestamptz NOT NULL,
    severity text NOT NULL,
    reason text NOT NULL,
    by_name text NOT NULL
);
CREATE INDEX incident_severities_by_incident ON incident_severities (incident_id, at);
