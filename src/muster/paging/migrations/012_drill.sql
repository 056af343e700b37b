-- A page of a drill: everything that it sends says so.
ALTER TABLE pages ADD COLUMN drill boolean NOT NULL DEFAULT false;
