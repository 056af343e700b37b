-- A schedule is its name; what it says stands in its versions, each in force from `valid_from` until the next.
CREATE TABLE schedules (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);

-- `definition` is the manifest form; null from when the schedule was deleted. Coverage of the past is answered by the
-- version then in force, so versions are only ever added.
CREATE TABLE schedule_versions (
    schedule_id uuid NOT NULL REFERENCES schedules,
    number integer NOT NULL CHECK (number >= 1),
    valid_from timestamptz NOT NULL,
    definition jsonb CHECK (jsonb_typeof(definition) = 'object'),
    made_by text NOT NULL,
    PRIMARY KEY (schedule_id, number)
);

-- Who stands in the newest version.
CREATE TABLE schedule_people (
    schedule_id uuid NOT NULL REFERENCES schedules,
    person_id uuid NOT NULL REFERENCES persons,
    PRIMARY KEY (schedule_id, person_id)
);
CREATE INDEX schedule_people_person ON schedule_people (person_id);

-- For a time one person alone is on call, or with no person knowingly nobody. It never begins before it was made, and
-- holds until `end_at` or its removal: what it did to the past stays.
CREATE TABLE overrides (
    id uuid PRIMARY KEY,
    schedule_id uuid NOT NULL REFERENCES schedules,
    person_id uuid REFERENCES persons,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL CHECK (end_at > start_at),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    made_by text NOT NULL,
    created_at timestamptz NOT NULL CHECK (created_at <= start_at),
    removed_at timestamptz CHECK (removed_at >= created_at),
    removed_by text,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX overrides_schedule ON overrides (schedule_id, end_at);
CREATE INDEX overrides_person ON overrides (person_id, end_at);

CREATE FUNCTION schedules_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'overrides' THEN
        IF OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
            AND (to_jsonb(NEW) - '{removed_at,removed_by}'::text[]) = (to_jsonb(OLD) - '{removed_at,removed_by}'::text[])
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Who was on call is never rewritten: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Add a version or an override instead.';
END $$;

CREATE TRIGGER schedule_versions_keep_history BEFORE UPDATE OR DELETE ON schedule_versions
    FOR EACH ROW EXECUTE FUNCTION schedules_keep_history();
CREATE TRIGGER overrides_keep_history BEFORE UPDATE OR DELETE ON overrides
    FOR EACH ROW EXECUTE FUNCTION schedules_keep_history();
