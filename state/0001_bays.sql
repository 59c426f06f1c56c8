-- Bays, and what was last known of their nodes and workloads. A forgotten bay takes these with it.

CREATE TABLE bays (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    cloud TEXT NOT NULL,
    project_id TEXT NOT NULL,
    project_name TEXT NOT NULL,
    coe TEXT NOT NULL CHECK (coe IN ('kubernetes', 'docker')),
    created_at TEXT NOT NULL,
    caller_cidr TEXT NOT NULL,
    api_address TEXT NOT NULL DEFAULT '',
    blueprint_digest TEXT NOT NULL DEFAULT '',
    UNIQUE (project_id, name)
);

CREATE TABLE nodes (
    bay_uuid TEXT NOT NULL REFERENCES bays (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    server_id TEXT NOT NULL,
    address TEXT NOT NULL,
    "group" TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (bay_uuid, name)
);

CREATE TABLE workloads (
    bay_uuid TEXT NOT NULL REFERENCES bays (uuid) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    reference TEXT NOT NULL,
    pushed_at TEXT NOT NULL,
    PRIMARY KEY (bay_uuid, kind, name)
);
