"""Nova's own words."""

from __future__ import annotations

from magnumctl.sandbox.nova.records import Server
from magnumctl.sandbox.wire import RefusedError


def bad(message: str) -> RefusedError:
    return RefusedError(400, message, "badRequest")


def missing(message: str) -> RefusedError:
    return RefusedError(404, message, "itemNotFound")


def conflict(message: str) -> RefusedError:
    return RefusedError(409, message, "conflictingRequest")


def forbidden(message: str) -> RefusedError:
    return RefusedError(403, message, "forbidden")


def admins_only(rule: str) -> RefusedError:
    return forbidden(f"Policy doesn't allow os_compute_api:{rule} to be performed.")


def wrong_state(server: Server, action: str) -> RefusedError:
    where = f"task_state {server.task_state}" if server.task_state else f"vm_state {server.vm_state}"
    return conflict(f"Cannot '{action}' instance {server.id} while it is in {where}")
