-- What is operated. A workload is owned by one team and made of components, which depend on each other (R27, R109).
CREATE TABLE workloads (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    owner_id uuid NOT NULL REFERENCES teams,
    criticality text NOT NULL CHECK (criticality IN ('low', 'standard', 'business_critical')),
    deployment text NOT NULL DEFAULT 'unknown'
        CHECK (deployment IN ('blue_green', 'canary', 'rolling', 'recreate', 'in_place', 'unknown')),
    privacy text NOT NULL DEFAULT '' CHECK (privacy IN ('', 'none', 'personal', 'sensitive')),
    security text NOT NULL DEFAULT '' CHECK (security IN ('', 'public', 'internal', 'confidential', 'restricted')),
    vendor text NOT NULL DEFAULT '' CHECK (length(vendor) <= 200),
    links jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(links) = 'object'),
    labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
    aliases text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- When somebody last said that all this still holds.
    reviewed_at timestamptz NOT NULL,
    CHECK (changed_at >= created_at AND reviewed_at >= created_at)
);
CREATE INDEX workloads_owner ON workloads (owner_id);

-- Where owner, criticality, deployment, privacy or security are unset, the workload's holds.
CREATE TABLE components (
    id uuid PRIMARY KEY,
    workload_id uuid NOT NULL REFERENCES workloads ON DELETE CASCADE,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    position integer NOT NULL,
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    owner_id uuid REFERENCES teams,
    criticality text CHECK (criticality IN ('low', 'standard', 'business_critical')),
    deployment text CHECK (deployment IN ('blue_green', 'canary', 'rolling', 'recreate', 'in_place', 'unknown')),
    privacy text NOT NULL DEFAULT '' CHECK (privacy IN ('', 'none', 'personal', 'sensitive')),
    security text NOT NULL DEFAULT '' CHECK (security IN ('', 'public', 'internal', 'confidential', 'restricted')),
    vendor text NOT NULL DEFAULT '' CHECK (length(vendor) <= 200),
    links jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(links) = 'object'),
    labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
    aliases text[] NOT NULL DEFAULT '{}',
    UNIQUE (workload_id, name)
);
CREATE INDEX components_owner ON components (owner_id) WHERE owner_id IS NOT NULL;

-- What a component cannot do without. Rows of one component with the same need are alternatives: one of them suffices.
CREATE TABLE dependencies (
    component_id uuid NOT NULL REFERENCES components ON DELETE CASCADE,
    depends_on_id uuid NOT NULL REFERENCES components,
    need integer NOT NULL CHECK (need >= 0),
    PRIMARY KEY (component_id, depends_on_id),
    CHECK (component_id <> depends_on_id)
);
CREATE INDEX dependencies_on ON dependencies (depends_on_id);

-- Changes with every change of the catalogue and never takes the same value twice: what was read under it may be kept.
-- Whoever changes the catalogue holds this row, so that no two changes close a circle of dependencies together.
CREATE TABLE catalog_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    token uuid NOT NULL
);
INSERT INTO catalog_version (token) VALUES (gen_random_uuid());
