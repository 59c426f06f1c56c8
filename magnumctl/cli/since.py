"""How far back: `90s`, `5m`, `2h`, `1d`, or a moment in ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from magnumctl.errors import UsageError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_since(text: str, now: datetime) -> float:
    """UsageError for what is neither, and for a moment to come."""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text):
        return float(match[1]) * SECONDS[match[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"--since {text} is no time", hint="--since 10m, or --since 2026-01-31T12:00:00Z") from exc
    seconds = (now - (moment if moment.tzinfo else moment.astimezone(UTC))).total_seconds()
    if seconds < 0:
        raise UsageError(f"--since {text} is still to come", hint="--since 10m")
    return seconds
