"""The append-only, hash-chained, sealed record of everything that happens."""
