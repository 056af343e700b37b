-- What a sender signs its requests with, or sends along, where its format knows such a thing; sealed, empty where none is set.
ALTER TABLE integrations ADD COLUMN secret_sealed text NOT NULL DEFAULT '';
