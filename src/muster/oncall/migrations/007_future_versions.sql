-- A version that has not taken effect can be withdrawn; that is the only thing that ever happens to one.
ALTER TABLE schedule_versions
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawn_by text,
    ADD CHECK (withdrawn_at < valid_from),
    ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL));

CREATE OR REPLACE FUNCTION schedules_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'overrides' THEN
        IF OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
            AND (to_jsonb(NEW) - '{removed_at,removed_by}'::text[]) = (to_jsonb(OLD) - '{removed_at,removed_by}'::text[])
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'schedule_versions' THEN
        IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
            AND (to_jsonb(NEW) - '{withdrawn_at,withdrawn_by}'::text[])
                = (to_jsonb(OLD) - '{withdrawn_at,withdrawn_by}'::text[])
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Who was on call is never rewritten: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Add a version or an override instead.';
END $$;

-- Who stands in which version, and until when at the latest; null for ever.
ALTER TABLE schedule_people ADD COLUMN number integer, ADD COLUMN leaves_at timestamptz;
UPDATE schedule_people SET number = (
    SELECT max(number) FROM schedule_versions AS version WHERE version.schedule_id = schedule_people.schedule_id);
ALTER TABLE schedule_people
    ALTER COLUMN number SET NOT NULL,
    DROP CONSTRAINT schedule_people_pkey,
    ADD PRIMARY KEY (schedule_id, number, person_id),
    ADD FOREIGN KEY (schedule_id, number) REFERENCES schedule_versions (schedule_id, number);
