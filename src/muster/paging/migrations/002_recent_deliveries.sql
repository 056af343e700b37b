-- What the paging path's health is told from: the newest deliveries of all.
CREATE INDEX deliveries_recent ON deliveries (created_at DESC);
