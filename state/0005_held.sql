-- Containers that a person has stopped or paused by hand: no apply starts them, until that person does.

CREATE TABLE held (
    bay_uuid TEXT NOT NULL REFERENCES bays (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('stopped', 'paused')),
    since TEXT NOT NULL,
    PRIMARY KEY (bay_uuid, name)
);
