-- Whether the organizer of an event stands for it where it names nobody else: only where somebody asked for it.
ALTER TABLE calendars ADD COLUMN organizers boolean NOT NULL DEFAULT false;
