"""The version documents that clients read before the first real call."""

from __future__ import annotations

from magnumctl.sandbox.wire import Json


def version(identifier: str, url: str, *, low: str = "", high: str = "", status: str = "CURRENT") -> Json:
    return {
        "id": identifier,
        "status": status,
        "version": high,
        "min_version": low,
        "updated": "2025-04-02T00:00:00Z",
        "links": [{"rel": "self", "href": url}],
        "media-types": [],
    }
