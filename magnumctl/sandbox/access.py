"""Who calls, in which microversion, and whether the roles allow it: the same for every service."""

from __future__ import annotations

import re

from magnumctl.sandbox.keystone.tokens import caller_of
from magnumctl.sandbox.router import Route, Service
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import NOBODY, Call, Caller, RefusedError

READS = frozenset({"GET", "HEAD"})


def authenticated(cloud: Cloud, call: Call) -> Caller:
    caller = caller_of(cloud.keystone, call.headers.get("X-Auth-Token", ""))
    if caller == NOBODY:
        raise RefusedError(401, "The request you have made requires authentication.", "Unauthorized")
    return caller


def permit(service: Service, route: Route, call: Call) -> None:
    """A reader reads; everything else wants the role member (or admin)."""
    if route.public or route.readable or route.method in READS or call.caller.may_write:
        return
    raise RefusedError(403, service.forbidden(call), "PolicyNotAuthorized")


def microversion(service: Service, call: Call) -> tuple[int, int]:
    known = service.microversions
    if known is None:
        return (0, 0)
    asked = _asked(known.word, known.legacy_header, call)
    if not asked:
        return known.minimum
    if asked == "latest":
        return known.maximum
    return _checked(asked, known.minimum, known.maximum)


def version_headers(service: Service, call: Call) -> dict[str, str]:
    known = service.microversions
    if known is None:
        return {}
    spoken = ".".join(map(str, max(call.microversion, known.minimum)))
    return {
        "OpenStack-API-Version": f"{known.word} {spoken}",
        known.legacy_header: spoken,
        "Vary": f"OpenStack-API-Version, {known.legacy_header}",
    }


def _asked(word: str, legacy_header: str, call: Call) -> str:
    for part in call.headers.get("OpenStack-API-Version", "").split(","):
        name, _, version = part.strip().partition(" ")
        if name.lower() == word:
            return version.strip()
    return call.headers.get(legacy_header, "")


def _checked(asked: str, lowest: tuple[int, int], highest: tuple[int, int]) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)\.(\d+)", asked)
    if found is None:
        raise RefusedError(
            400,
            f"API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum.",
            "badRequest",
        )
    version = (int(found[1]), int(found[2]))
    if not lowest <= version <= highest:
        raise RefusedError(
            406,
            f"Version {asked} is not supported by the API. Minimum is {'.'.join(map(str, lowest))} and "
            f"maximum is {'.'.join(map(str, highest))}.",
            "computeFault",
        )
    return version
