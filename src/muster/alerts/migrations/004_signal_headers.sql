-- Refused and deferred requests were stored with all of their headers, and so with their senders' credentials.
UPDATE signals SET headers = (
    SELECT coalesce(jsonb_object_agg(lower(name), value), '{}') FROM jsonb_each(headers) AS header (name, value)
    WHERE lower(name) IN ('content-type', 'user-agent', 'ce-id', 'ce-type', 'ce-source', 'ce-specversion')
) WHERE EXISTS (
    SELECT FROM jsonb_object_keys(headers) AS name
    WHERE name NOT IN ('content-type', 'user-agent', 'ce-id', 'ce-type', 'ce-source', 'ce-specversion')
);
