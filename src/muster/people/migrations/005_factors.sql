-- The secret of an authenticator app, sealed for its person; it counts once it was confirmed with a code. `last_step` is the
-- newest half minute whose code was taken: none is taken twice.
CREATE TABLE totp_secrets (
    person_id uuid PRIMARY KEY REFERENCES persons,
    sealed text NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES persons,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person_id);

CREATE TABLE recovery_codes (
    person_id uuid NOT NULL REFERENCES persons,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person_id, code_hash)
);

-- What passkeys have signed, until it would have expired anyway: nothing is taken twice.
CREATE TABLE used_challenges (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    expires_at timestamptz NOT NULL
);

-- `proven_at`: when password or factor was last proven in this session. One that awaits its second factor may do nothing.
ALTER TABLE sessions ADD COLUMN proven_at timestamptz;
ALTER TABLE sessions ADD COLUMN awaits_factor boolean NOT NULL DEFAULT false;

-- Who must have a second factor, since when, and how many days there are to set one up.
ALTER TABLE organisation ADD COLUMN second_factor_for text NOT NULL DEFAULT 'nobody'
    CHECK (second_factor_for IN ('nobody', 'administrators', 'managers', 'everybody'));
ALTER TABLE organisation ADD COLUMN second_factor_grace integer NOT NULL DEFAULT 7
    CHECK (second_factor_grace BETWEEN 0 AND 90);
ALTER TABLE organisation ADD COLUMN second_factor_since timestamptz;
