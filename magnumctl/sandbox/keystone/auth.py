from __future__ import annotations

from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.keystone import tokens, views
from magnumctl.sandbox.keystone.records import KeystoneRecords, Token
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty


def versions(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"versions": {"values": [_v3(call)]}}, 300)


def v3(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"version": _v3(call)})


def _v3(call: Call) -> Json:
    body = version("v3.14", f"{call.root_url}/identity/v3/", status="stable")
    return {name: value for name, value in body.items() if name not in {"version", "min_version"}}


def create(cloud: Cloud, call: Call) -> Reply:
    token = tokens.issue(cloud.keystone, call.resource("auth"))
    return _shown(cloud.keystone, token, call, 201)


def _shown(records: KeystoneRecords, token: Token, call: Call, status: int) -> Reply:
    return Reply(
        views.token_body(records, token, call), status, {"X-Subject-Token": token.secret, "Vary": "X-Auth-Token"}
    )


def _subject(cloud: Cloud, call: Call) -> Token:
    token = cloud.keystone.tokens.get(call.headers.get("X-Subject-Token", ""))
    if token is None or token.expired or not (call.caller.is_admin or token.user_id == call.caller.user_id):
        raise RefusedError(404, "Could not find token.", "Not Found")
    return token


def validate(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud.keystone, _subject(cloud, call), call, 200)


def revoke(cloud: Cloud, call: Call) -> Reply:
    del cloud.keystone.tokens[_subject(cloud, call).secret]
    return empty()


def my_catalog(_cloud: Cloud, call: Call) -> Reply:
    return Reply(views.listing("catalog", views.catalog(call.root_url, call.caller.project_id), call))


def my_projects(cloud: Cloud, call: Call) -> Reply:
    mine = [project for user, project in cloud.keystone.assignments if user == call.caller.user_id]
    rows = [views.project_body(cloud.keystone.projects[project], call) for project in mine]
    return Reply(views.listing("projects", rows, call))


def nothing(_cloud: Cloud, call: Call) -> Reply:
    return Reply(views.listing(call.path.rstrip("/").rpartition("/")[2], [], call))
