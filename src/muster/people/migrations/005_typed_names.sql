-- What is typed as a name at sign-in is often a password. Of what failures are counted for, only a hash is kept, keyed with this.
CREATE TABLE sign_in_pepper (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    pepper bytea NOT NULL CHECK (length(pepper) = 32)
);
INSERT INTO sign_in_pepper (pepper) VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

CREATE FUNCTION sign_in_subject(subject text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT split_part(subject, ':', 1) || ':'
        || encode(sha256(pepper || sha256(pepper || convert_to(subject, 'UTF8'))), 'hex')
    FROM sign_in_pepper
$$;
-- Counts of a day at most.
DELETE FROM sign_in_failures;
