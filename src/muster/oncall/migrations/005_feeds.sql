-- Secret links to calendars of shifts. Of the secret only its hash is kept; a feed dies with its owner's access.
CREATE TABLE feeds (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES persons,
    person_id uuid REFERENCES persons,
    team_id uuid REFERENCES teams ON DELETE CASCADE,
    schedule_id uuid REFERENCES schedules,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    hint text NOT NULL,
    made_at timestamptz NOT NULL,
    rotated_at timestamptz,
    last_used_at timestamptz,
    last_client text NOT NULL DEFAULT '' CHECK (length(last_client) <= 200),
    revoked_at timestamptz,
    revoked_by text NOT NULL DEFAULT '',
    CHECK (num_nonnulls(person_id, team_id, schedule_id) = 1),
    CHECK ((revoked_at IS NULL) = (revoked_by = ''))
);
CREATE INDEX feeds_owner ON feeds (owner_id) WHERE revoked_at IS NULL;
