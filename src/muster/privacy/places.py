"""Where a person stands in the database, and what becomes of each place when they are erased; tests compare it with the schema."""

REFERENCES = """
SELECT child.relname AS "table", attribute.attname AS "column"
FROM pg_constraint AS link
JOIN pg_class AS child ON child.oid = link.conrelid
JOIN pg_attribute AS attribute ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
WHERE link.contype = 'f' AND link.confrelid = 'persons'::regclass AND cardinality(link.conkey) = 1
ORDER BY 1, 2"""
"""Every column that refers to a person, also those of features to come."""

GOES = frozenset(
    {
        "api_tokens", "chat_links", "feeds", "known_devices", "passkeys", "person_notify", "recovery_codes", "sessions",
        "setup_links", "shift_notice_choices", "shift_notices", "team_members", "totp_secrets",
    }
)  # fmt: skip
"""Tables whose rows about the person go: they were for the person alone."""

STAYS = {
    "bundles": "messages that were sent together",
    "closure_attestations": "what was attested when incidents were closed",
    "contacts": "that there was a contact; its address goes",
    "deliveries": "that somebody was paged, and when; where to goes",
    "hand_overs": "who handed a role over",
    "handoff_notes": "notes for the next shift",
    "incident_roles": "who had which role",
    "incidents": "who acknowledged, mitigated, resolved and closed",
    "overrides": "who was on call, by overrides",
    "page_answers": "who answered that they come",
    "schedule_people": "who stood in which version of a schedule",
    "shift_request_people": "who was asked for a shift",
    "shift_requests": "who asked for a shift",
}
"""Tables whose rows stay as a record of others' work too: there the pseudonym stands for the person."""

TEXTS: dict[str, tuple[str, ...]] = {
    "alert_transitions": ("reason",),
    "calendar_versions": ("content",),
    "calendars": ("content", "notes", "made_by", "failure"),
    "chain_flaws": ("about", "sentence"),
    "clocks": ("label", "data"),
    "closure_attestations": ("by_name", "note", "withdrawn_by"),
    "deliveries": ("person", "why", "reason", "route"),
    "feeds": ("revoked_by",),
    "hand_overs": ("asked_by", "note", "ended_reason"),
    "handoff_notes": ("text", "done_by"),
    "inbox_messages": ("message",),
    "incident_links": ("by_name", "label"),
    "incident_notes": ("by_name", "name", "text"),
    "incident_severities": ("reason", "by_name"),
    "incidents": ("title", "summary", "severity_reason", "on_behalf_of", "record"),
    "ledger_denials": ("actor", "reason"),
    "overrides": ("note", "made_by", "removed_by"),
    "page_answers": ("reason",),
    "page_steps": ("why", "targets", "skipped"),
    "pages": ("title", "summary", "steps", "why", "links", "facts", "roles", "ended_reason", "asked_by"),
    "plan_versions": ("text", "note", "published_by"),
    "schedule_versions": ("definition", "made_by", "withdrawn_by"),
    "shift_request_people": ("reason",),
    "shift_requests": ("note", "ended_by", "reason"),
    "silences": ("created_by", "comment"),
    "turns": ("people",),
    "work": ("payload", "last_error"),
}
"""Columns in which names stand as words: the pseudonym takes their place."""

LONGEST = {
    ("overrides", "note"): 500,
    ("shift_requests", "note"): 500,
    ("shift_requests", "reason"): 500,
    ("shift_request_people", "reason"): 500,
    ("handoff_notes", "text"): 5000,
}
"""How long these columns may be: a pseudonym may be longer than a name."""

NAMELESS = {
    "alerts": "what senders said; it is about systems",
    "alert_verdicts": "words of Muster's own",
    "changes": "what senders said",
    "channel_memory": "sealed, or a place in a stream",
    "clock_skews": "a name of Muster's own",
    "components": "the catalogue",
    "delivery_attempts": "those of the person go with the address",
    "delivery_receipts": "what a provider said of a message",
    "early_receipts": "what a provider said of a message, for an hour",
    "heard_callbacks": "numbers of callbacks",
    "heartbeats": "what is expected to beat",
    "idempotency": "answers of the last day, which go by themselves",
    "incident_effects": "words of Muster's own",
    "instance": "the database",
    "integrations": "what senders are known by",
    "key_epochs": "names of Muster's own",
    "ledger_events": "the ledger, which has a function of its own for this",
    "ledger_heads": "names of streams",
    "ledger_sealed": "names of streams",
    "ledger_seals": "names of streams",
    "loop_rounds": "channels",
    "machine_troubles": "the machine",
    "migrations": "Muster's own",
    "nodes": "Muster's own",
    "organisation": "the organisation",
    "persons": "changed by itself",
    "plans": "names of plans",
    "schedules": "names of schedules",
    "sign_in_failures": "hashes, which go after a day",
    "signals": "requests as senders sent them; they go when they have had their time",
    "teams": "names of teams",
    "workloads": "the catalogue",
}
"""Tables with texts that are looked for no names, and why."""
