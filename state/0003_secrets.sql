-- Sealed texts of a bay. A key itself is never here: only where it is kept, its fingerprint and its salt.

CREATE TABLE keys (
    fingerprint TEXT PRIMARY KEY,
    source TEXT NOT NULL CHECK (source IN ('passphrase', 'keyring', 'file')),
    salt BLOB NOT NULL,
    first_used_at TEXT NOT NULL
);

CREATE TABLE secrets (
    bay_uuid TEXT NOT NULL REFERENCES bays (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES keys (fingerprint),
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    sealed_at TEXT NOT NULL,
    PRIMARY KEY (bay_uuid, name)
);
