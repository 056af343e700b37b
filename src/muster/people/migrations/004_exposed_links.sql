-- Version 0.1 wrote the paths of refused requests into the ledger, and with them links that may still open something. Where there
-- is a ledger already, the first start takes all open links back; a row here says that it is still to be done, and then what was done.
CREATE TABLE exposed_links (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    revoked_at timestamptz,
    password_links integer NOT NULL DEFAULT 0,
    first_run_links integer NOT NULL DEFAULT 0
);
INSERT INTO exposed_links SELECT WHERE EXISTS (SELECT FROM ledger_events);
