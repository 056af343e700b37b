-- Whoever sleeps through several steps of a page finds one message of it when quiet hours end, not one for each step.
CREATE UNIQUE INDEX deliveries_quiet_once ON deliveries (page_id, person_id, channel, address) WHERE hold = 'quiet';
