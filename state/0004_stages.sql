-- How long each stage of a change took, and whether a bay may lose nodes.

CREATE TABLE stages (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    seconds REAL NOT NULL
);

CREATE INDEX stages_by_change ON stages (change_id);

ALTER TABLE bays ADD COLUMN protect INTEGER NOT NULL DEFAULT 0 CHECK (protect IN (0, 1));
