"""PostgreSQL: pool, units of work, database time, migrations."""
