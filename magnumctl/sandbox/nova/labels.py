"""Metadata and tags of a server."""

from __future__ import annotations

from magnumctl.sandbox.nova.refusals import missing
from magnumctl.sandbox.nova.servers import found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Reply, empty


def show_metadata(cloud: Cloud, call: Call) -> Reply:
    return Reply({"metadata": found(cloud, call).metadata})


def replace_metadata(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    server.metadata = dict(call.resource("metadata"))
    return Reply({"metadata": server.metadata})


def add_metadata(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    server.metadata |= call.resource("metadata")
    return Reply({"metadata": server.metadata})


def show_item(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    if call.part("key") not in server.metadata:
        raise missing("Metadata item was not found")
    return Reply({"meta": {call.part("key"): server.metadata[call.part("key")]}})


def set_item(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    server.metadata |= call.resource("meta")
    return Reply({"meta": call.resource("meta")})


def drop_item(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    if server.metadata.pop(call.part("key"), None) is None:
        raise missing("Metadata item was not found")
    return empty()


def show_tags(cloud: Cloud, call: Call) -> Reply:
    return Reply({"tags": found(cloud, call).tags})


def replace_tags(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    server.tags = sorted(set(call.json().get("tags", [])))
    return Reply({"tags": server.tags})


def clear_tags(cloud: Cloud, call: Call) -> Reply:
    found(cloud, call).tags = []
    return empty()


def has_tag(cloud: Cloud, call: Call) -> Reply:
    if call.part("tag") not in found(cloud, call).tags:
        raise missing(f"Server {call.part('id')} has no tag '{call.part('tag')}'")
    return empty()


def add_tag(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    server.tags = sorted({*server.tags, call.part("tag")})
    return empty(201)


def drop_tag(cloud: Cloud, call: Call) -> Reply:
    has_tag(cloud, call)
    found(cloud, call).tags.remove(call.part("tag"))
    return empty()
