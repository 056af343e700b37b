-- A person who is erased is taken out of the ledger by this function alone. It can put a pseudonym in the place of words, and empty
-- what was recorded of the person's account; it keeps every hash. What it did counts only if a later entry vouches for it.
CREATE FUNCTION ledger_redact(account text, names text, pseudonym text) RETURNS SETOF ledger_events
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pseudonym !~ '^erased-[0-9a-f]{12}$' THEN
        RAISE EXCEPTION 'The ledger takes no other word than a pseudonym.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('muster.redacting', 'yes', true);
    RETURN QUERY
        UPDATE public.ledger_events AS entry
        SET actor = regexp_replace(entry.actor, names, pseudonym, 'gi'),
            reason = CASE WHEN entry.stream = account THEN '' ELSE regexp_replace(entry.reason, names, pseudonym, 'gi') END,
            body = CASE WHEN entry.stream = account THEN '{}' ELSE regexp_replace(entry.body, names, pseudonym, 'gi') END
        WHERE entry.stream = account OR entry.actor ~* names OR entry.reason ~* names OR entry.body ~* names
        RETURNING entry.*;
    PERFORM set_config('muster.redacting', 'no', true);
END $$;
REVOKE ALL ON FUNCTION ledger_redact(text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'ledger_events' AND current_setting('muster.redacting', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Record a new event that corrects the earlier one.';
END $$;
