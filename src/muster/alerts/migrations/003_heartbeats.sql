-- What must be heard of regularly. `missing_since` is set while its silence is an alert; a declared one has the rhythm that
-- people gave it, the others have what their own calls say.
CREATE TABLE heartbeats (
    id uuid PRIMARY KEY,
    integration_id uuid NOT NULL REFERENCES integrations ON DELETE CASCADE,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    every interval NOT NULL CHECK (every > interval '0'),
    grace interval NOT NULL CHECK (grace >= interval '0'),
    severity text NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
    declared boolean NOT NULL,
    created_at timestamptz NOT NULL,
    last_at timestamptz,
    missing_since timestamptz,
    UNIQUE (integration_id, name)
) WITH (fillfactor = 70);
