"""Docker's two ways of writing a moment, and of reading one in a query."""

from __future__ import annotations

import datetime as dt
import time

NEVER = "0001-01-01T00:00:00Z"


def stamp(seconds: float) -> str:
    """RFC 3339 with nanoseconds; 0 is Go's zero time."""
    if not seconds:
        return NEVER
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def moment(text: str) -> float:
    """Unix seconds of a query's `since` or `until`: a timestamp, RFC 3339 or a Go duration before now."""
    if not text:
        return 0.0
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return dt.datetime.fromisoformat(text).timestamp()
    except ValueError:
        scale = {"s": 1, "m": 60, "h": 3600}
        number = text[:-1]
        return time.time() - float(number) * scale.get(text[-1], 1) if number.isdigit() else 0.0
