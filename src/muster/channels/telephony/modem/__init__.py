"""A modem with a SIM card on a serial line: text messages with no vendor and no network of one's own."""
