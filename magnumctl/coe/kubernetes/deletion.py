"""Objects deleted by hand, and watched until they are gone."""

from __future__ import annotations

import time
from collections.abc import Sequence

from magnumctl.coe.details import Deed

from .objects import Live, Objects
from .pushing import exists

GOING_SECONDS = 45.0
"""A pod has 30 s to end by itself."""
POLL_SECONDS = 0.2


def delete(objects: Objects, name: str, lives: Sequence[Live]) -> Deed:
    for live in lives:
        objects.delete(live)
    end = time.monotonic() + GOING_SECONDS
    going = [live for live in lives if exists(objects, live)]
    while going and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        going = [live for live in going if exists(objects, live)]
    references = ", ".join(live.reference for live in going or lives)
    return Deed(name, "going" if going else "deleted", references, is_done=True)
