"""Technical ground: settings, database, durable work, web edge, access checks."""
