-- While a source is changed over to a new key, the earlier one is taken too.
ALTER TABLE integrations ADD COLUMN earlier_digest bytea UNIQUE, ADD COLUMN earlier_until timestamptz,
    ADD CHECK ((earlier_digest IS NULL) = (earlier_until IS NULL));
