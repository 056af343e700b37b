-- Browsers from which a person has signed in before: whoever guesses elsewhere cannot keep them out. `token_hash` is of a
-- cookie that the browser keeps; several persons may share one browser.
CREATE TABLE known_devices (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES persons,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    UNIQUE (person_id, token_hash)
);
CREATE INDEX known_devices_token ON known_devices (token_hash);

-- Whether the session's cookie has the name that only this host can set; one of before is taken over once.
ALTER TABLE sessions ADD COLUMN host_bound boolean NOT NULL DEFAULT false;
