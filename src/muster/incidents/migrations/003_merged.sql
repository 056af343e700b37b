-- Which incidents went into which: asked for every list that is shown.
CREATE INDEX incidents_merged_into ON incidents (merged_into) WHERE merged_into IS NOT NULL;
