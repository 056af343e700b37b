-- The organisation that this Muster serves; exactly one row once it is set up.
CREATE TABLE organisation (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL
);

CREATE TABLE persons (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    full_name text NOT NULL CHECK (length(btrim(full_name)) BETWEEN 1 AND 200),
    email text NOT NULL CHECK (email ~ '^[^@\s]+@[^@\s]+$' AND length(email) <= 254),
    time_zone text NOT NULL CHECK (time_zone <> ''),
    level text NOT NULL CHECK (level IN ('viewer', 'responder', 'manager', 'administrator')),
    active boolean NOT NULL DEFAULT true,
    password_hash text,
    created_at timestamptz NOT NULL,
    deactivated_at timestamptz,
    CHECK (active = (deactivated_at IS NULL))
);
CREATE UNIQUE INDEX persons_email ON persons (lower(email));

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    lead_id uuid,
    created_at timestamptz NOT NULL
);

CREATE TABLE team_members (
    team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES persons,
    position integer NOT NULL,
    PRIMARY KEY (team_id, person_id)
);
CREATE INDEX team_members_person ON team_members (person_id);
-- A team is led by one of its members.
ALTER TABLE teams ADD CONSTRAINT teams_lead_is_member FOREIGN KEY (id, lead_id)
    REFERENCES team_members (team_id, person_id) DEFERRABLE INITIALLY DEFERRED;

-- Where a person can be reached, the lowest rank first. A removed contact stays, inactive: deliveries refer to it.
CREATE TABLE contacts (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES persons,
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,30}$'),
    address text NOT NULL CHECK (length(address) BETWEEN 1 AND 2000),
    rank integer NOT NULL CHECK (rank >= 1),
    verified_at timestamptz,
    verified_by text NOT NULL DEFAULT '' CHECK (verified_by IN ('', 'code', 'administrator')),
    active boolean NOT NULL DEFAULT true,
    secret text,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    CHECK (active = (removed_at IS NULL)),
    CHECK ((verified_at IS NULL) = (verified_by = '')),
    CONSTRAINT contacts_one_a_rank EXCLUDE USING btree (person_id WITH =, rank WITH =) WHERE (active)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX contacts_once ON contacts (person_id, kind, address) WHERE active;

-- A code that was sent to a contact; whoever repeats it has the contact in hand.
CREATE TABLE contact_proofs (
    contact_id uuid PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    wrong_guesses integer NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES persons,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    address text NOT NULL DEFAULT '',
    user_agent text NOT NULL DEFAULT '' CHECK (length(user_agent) <= 300),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- `hint` is the token's first characters, by which its owner recognises it; the token itself is not kept.
CREATE TABLE api_tokens (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    person_id uuid NOT NULL REFERENCES persons,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    hint text NOT NULL CHECK (length(hint) <= 12),
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (person_id, name) WHERE revoked_at IS NULL;

-- Failed sign-ins by what was guessed at ("account:ana@example.org") and from where ("address:192.0.2.1").
CREATE TABLE sign_in_failures (
    subject text PRIMARY KEY CHECK (length(subject) <= 400),
    failures integer NOT NULL CHECK (failures >= 1),
    last_failed_at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_age ON sign_in_failures (last_failed_at);

-- One-time links: `first_run` makes the first administrator, `password` lets a person set theirs.
CREATE TABLE setup_links (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('first_run', 'password')),
    person_id uuid REFERENCES persons,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at timestamptz,
    CHECK ((purpose = 'password') = (person_id IS NOT NULL))
);
