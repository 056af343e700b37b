-- A person who was erased stays as a pseudonym: what others refer to. They never come back.
ALTER TABLE persons ADD COLUMN erased_at timestamptz;
ALTER TABLE persons ADD CHECK (erased_at IS NULL OR NOT active);
