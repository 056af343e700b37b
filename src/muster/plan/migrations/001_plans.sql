-- Response plans and every version of them that was ever published. At most one plan is active: its newest version is in force.
CREATE TABLE plans (
    name text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
    active boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX plans_one_active ON plans (active) WHERE active;

CREATE TABLE plan_versions (
    id uuid PRIMARY KEY,
    plan text COLLATE "C" NOT NULL REFERENCES plans (name),
    number integer NOT NULL CHECK (number >= 1),
    text text NOT NULL,
    digest text COLLATE "C" NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    note text NOT NULL DEFAULT '',
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    UNIQUE (plan, number)
);

-- Incidents are pinned to a version: it must say for ever what it said when they opened.
CREATE FUNCTION plan_versions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A published plan is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Publish a new version.';
END $$;
CREATE TRIGGER plan_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_versions
    FOR EACH STATEMENT EXECUTE FUNCTION plan_versions_refuse();
ALTER TABLE plan_versions ENABLE ALWAYS TRIGGER plan_versions_append_only;
