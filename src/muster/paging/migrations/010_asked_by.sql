-- Who asks, where people ask people; until now it was told in the sentence of `why` only.
ALTER TABLE pages ADD COLUMN asked_by text NOT NULL DEFAULT '';
UPDATE pages SET asked_by = split_part(why, ' asks ', 1) WHERE purpose <> 'incident';
