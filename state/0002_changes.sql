-- Changes and what Terraform did in them. They outlive their bay: that is what a history is for.

CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bay_uuid TEXT NOT NULL,
    bay TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('apply', 'destroy', 'push')),
    status TEXT NOT NULL CHECK (status IN ('begun', 'succeeded', 'failed', 'interrupted')),
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    error TEXT,
    blueprint_digest TEXT NOT NULL,
    user TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    machine TEXT NOT NULL,
    boot TEXT NOT NULL,
    started TEXT NOT NULL
);

CREATE UNIQUE INDEX one_open_change_of_a_bay ON changes (bay_uuid) WHERE status = 'begun';
CREATE INDEX changes_by_bay ON changes (bay);

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    resource_id TEXT
);

CREATE INDEX journal_by_change ON journal (change_id);
