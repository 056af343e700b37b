-- Who is erased gives way to a pseudonym in the history of schedules too; nothing else of it changes.
CREATE OR REPLACE FUNCTION schedules_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('muster.erasing', true) = 'yes' THEN
        RETURN NEW;
    END IF;
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

CREATE OR REPLACE FUNCTION shift_requests_end_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('muster.erasing', true) = 'yes' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (OLD.state = 'open' AND NEW.state <> 'undone') OR (OLD.state = 'accepted' AND NEW.state = 'undone')
    ) AND (NEW.schedule_id, NEW.asker_id, NEW.kind, NEW.start_at, NEW.end_at, NEW.expires_at)
        = (OLD.schedule_id, OLD.asker_id, OLD.kind, OLD.start_at, OLD.end_at, OLD.expires_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A request ends once: % from % is refused.', TG_OP, OLD.state
        USING ERRCODE = 'insufficient_privilege', HINT = 'Ask again instead.';
END $$;
