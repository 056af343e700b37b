-- A contact is proved anew by its owner's answering what was sent there; `asked_at` is when they were last asked to.
ALTER TABLE contacts ADD COLUMN asked_at timestamptz;
ALTER TABLE contacts DROP CONSTRAINT contacts_verified_by_check;
ALTER TABLE contacts ADD CONSTRAINT contacts_verified_by_check
    CHECK (verified_by IN ('', 'code', 'use', 'administrator'));
