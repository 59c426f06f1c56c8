from __future__ import annotations

from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.octavia.records import DEFAULT_QUOTA
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, RefusedError, Reply, empty

_NEWEST = 27


def versions(_cloud: Cloud, call: Call) -> Reply:
    url = f"{call.root_url}/load-balancer/v2"
    older = [version(f"v2.{minor}", url, status="SUPPORTED") for minor in range(_NEWEST)]
    rows = [*older, version(f"v2.{_NEWEST}", url)]
    return Reply({"versions": [{name: row[name] for name in ("id", "status", "updated", "links")} for row in rows]})


def show(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.owns(call.part("project")):
        raise RefusedError(403, "Policy does not allow this request to be performed.")
    return Reply({"quota": cloud.octavia.quota(call.part("project"))})


def defaults(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"quota": DEFAULT_QUOTA})


def update(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy does not allow this request to be performed.")
    fresh = {name: int(value) for name, value in call.resource("quota").items() if name in DEFAULT_QUOTA}
    cloud.octavia.quotas.setdefault(call.part("project"), {}).update(fresh)
    return Reply({"quota": cloud.octavia.quota(call.part("project"))}, 202)


def reset(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy does not allow this request to be performed.")
    cloud.octavia.quotas.pop(call.part("project"), None)
    return empty()


def providers(_cloud: Cloud, _call: Call) -> Reply:
    rows = [
        {"name": "amphora", "description": "The Octavia Amphora driver."},
        {"name": "octavia", "description": "Deprecated alias of the Octavia Amphora driver."},
    ]
    return Reply({"providers": rows})


def nothing(_cloud: Cloud, call: Call) -> Reply:
    return Reply({call.path.rstrip("/").rpartition("/")[2].replace("-", "_"): []})
