-- A delivery may be planned for later: by a rule of its person, by quiet hours, to be gathered, or by a limit (`hold`).
-- `route` is the vendor that carries it, `released_at` when it was let out to its channel as a message of its own or in a bundle.
ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check
    CHECK (state IN ('planned', 'pending', 'handed_over', 'delivered', 'failed', 'cancelled'));

-- Several deliveries to one person that leave as one readable message.
CREATE TABLE bundles (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES persons,
    channel text NOT NULL,
    created_at timestamptz NOT NULL
);

ALTER TABLE deliveries
    ADD COLUMN send_at timestamptz,
    ADD COLUMN hold text NOT NULL DEFAULT '' CHECK (hold IN ('', 'rule', 'quiet', 'bundle', 'limit')),
    ADD COLUMN route text NOT NULL DEFAULT '',
    ADD COLUMN receipt_due_at timestamptz,
    ADD COLUMN receipt_missed_at timestamptz,
    ADD COLUMN released_at timestamptz,
    ADD COLUMN bundle_id uuid REFERENCES bundles,
    ADD CONSTRAINT deliveries_planned_when CHECK (state <> 'planned' OR send_at IS NOT NULL);

-- The predicates name no column that ordinary sending changes, so that its updates stay cheap.
CREATE INDEX deliveries_held ON deliveries (person_id, channel) WHERE hold IN ('bundle', 'limit');
CREATE INDEX deliveries_released ON deliveries (person_id, channel, released_at) WHERE released_at IS NOT NULL;
CREATE INDEX deliveries_bundled ON deliveries (bundle_id) WHERE bundle_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_one_heir ON deliveries (failover_of) WHERE failover_of IS NOT NULL;
CREATE INDEX delivery_attempts_provider ON delivery_attempts (provider_id) WHERE provider_id <> '';

-- What a provider reported later of a message that it had taken.
CREATE TABLE delivery_receipts (
    delivery_id uuid NOT NULL REFERENCES deliveries,
    provider_id text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('handed_over', 'delivered', 'retry', 'refused')),
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (delivery_id, provider_id, outcome)
);

-- Receipts that came before the hand-over itself was written; they wait here for a while.
CREATE TABLE early_receipts (
    channel text NOT NULL,
    provider_id text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('handed_over', 'delivered', 'retry', 'refused')),
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (channel, provider_id, outcome)
);
CREATE INDEX early_receipts_age ON early_receipts (at);
