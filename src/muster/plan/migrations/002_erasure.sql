-- Who is erased gives way to a pseudonym in published plans too; nothing else of them changes.
CREATE OR REPLACE FUNCTION plan_versions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('muster.erasing', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'A published plan is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Publish a new version.';
END $$;
