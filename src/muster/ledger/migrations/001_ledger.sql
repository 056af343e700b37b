-- The record of everything that happened. Rows are only ever added: the triggers below refuse all else, and the chain of
-- hashes shows what went past them.
CREATE SEQUENCE ledger_positions;

CREATE TABLE ledger_events (
    position bigint NOT NULL UNIQUE,
    stream text COLLATE "C" NOT NULL CHECK (length(stream) BETWEEN 1 AND 500),
    seq bigint NOT NULL CHECK (seq >= 1),
    at timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    actor text NOT NULL,
    reason text NOT NULL,
    body text NOT NULL,
    prev bytea NOT NULL CHECK (octet_length(prev) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (stream, seq)
);
CREATE INDEX ledger_events_kind ON ledger_events (kind, position);

-- The same for queries. Not a stored column: that costs a third of the time of an append and as much room again.
CREATE VIEW ledger AS
    SELECT position, stream, seq, at, kind, actor::jsonb AS actor, reason, body::jsonb AS data FROM ledger_events;

-- The newest entry of each stream: what the next entry follows. Mutable, and so never evidence by itself.
CREATE TABLE ledger_heads (
    stream text COLLATE "C" PRIMARY KEY,
    seq bigint NOT NULL CHECK (seq >= 1),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 70);

-- A seal signs the heads that moved since the seal before it, and the root over all heads.
CREATE TABLE ledger_seals (
    number bigint PRIMARY KEY CHECK (number >= 1),
    at timestamptz NOT NULL,
    prev bytea NOT NULL CHECK (octet_length(prev) = 32),
    heads text NOT NULL,
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);

-- Which head of each stream the newest seal covers: what the next seal is computed from. Mutable, derived from the seals.
CREATE TABLE ledger_sealed (
    branch smallint NOT NULL CHECK (branch BETWEEN 0 AND 255),
    stream text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (branch, stream)
);

-- Refused attempts that are being counted instead of recorded one by one.
CREATE TABLE ledger_denials (
    key text PRIMARY KEY,
    actor text NOT NULL,
    permission text NOT NULL,
    path text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    repeats integer NOT NULL DEFAULT 0 CHECK (repeats >= 0)
);

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Record a new event that corrects the earlier one.';
END $$;

CREATE TRIGGER ledger_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seals
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- ALWAYS: also in a session that calls itself a replica.
ALTER TABLE ledger_events ENABLE ALWAYS TRIGGER ledger_events_append_only;
ALTER TABLE ledger_seals ENABLE ALWAYS TRIGGER ledger_seals_append_only;
