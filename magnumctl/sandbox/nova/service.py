from __future__ import annotations

from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.keystone.service import refusal as keystone_refusal
from magnumctl.sandbox.nova import actions, attachments, flavors, groups, key_pairs, labels, quotas, servers
from magnumctl.sandbox.router import Microversions, Route, Service
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply


def _v21(call: Call) -> Json:
    return version("v2.1", f"{call.root_url}/compute/v2.1/", low="2.1", high="2.90")


def _versions(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"versions": [_v21(call)]})


def _version(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"version": _v21(call)})


def _nothing(_cloud: Cloud, call: Call) -> Reply:
    return Reply({call.path.rstrip("/").rpartition("/")[2].removeprefix("os-").replace("-", "_"): []})


_SERVER = "/v2.1/servers/{id}"
_QUOTA = "/v2.1/os-quota-sets/{project}"
ROUTES = (
    Route("GET", "/", _versions, public=True),
    Route("GET", "/v2.1", _version, public=True),
    Route("GET", "/v2.1/flavors", flavors.index),
    Route("POST", "/v2.1/flavors", flavors.create),
    Route("GET", "/v2.1/flavors/detail", flavors.details),
    Route("GET", "/v2.1/flavors/{id}", flavors.show),
    Route("DELETE", "/v2.1/flavors/{id}", flavors.delete),
    Route("GET", "/v2.1/flavors/{id}/os-extra_specs", flavors.extra_specs),
    Route("POST", "/v2.1/flavors/{id}/os-extra_specs", flavors.set_extra_specs),
    Route("GET", "/v2.1/os-keypairs", key_pairs.index),
    Route("POST", "/v2.1/os-keypairs", key_pairs.create),
    Route("GET", "/v2.1/os-keypairs/{name}", key_pairs.show),
    Route("DELETE", "/v2.1/os-keypairs/{name}", key_pairs.delete),
    Route("GET", "/v2.1/os-server-groups", groups.index),
    Route("POST", "/v2.1/os-server-groups", groups.create),
    Route("GET", "/v2.1/os-server-groups/{id}", groups.show),
    Route("DELETE", "/v2.1/os-server-groups/{id}", groups.delete),
    Route("GET", "/v2.1/os-availability-zone", quotas.zones),
    Route("GET", "/v2.1/os-availability-zone/detail", quotas.zones),
    Route("GET", "/v2.1/os-hypervisors", quotas.hypervisors),
    Route("GET", "/v2.1/os-hypervisors/detail", quotas.hypervisors),
    Route("GET", "/v2.1/os-aggregates", _nothing),
    Route("GET", "/v2.1/os-services", _nothing),
    Route("GET", "/v2.1/extensions", _nothing),
    Route("GET", "/v2.1/limits", quotas.limits),
    Route("GET", _QUOTA, quotas.show),
    Route("PUT", _QUOTA, quotas.update),
    Route("DELETE", _QUOTA, quotas.reset),
    Route("GET", _QUOTA + "/detail", quotas.detail),
    Route("GET", _QUOTA + "/defaults", quotas.defaults),
    Route("GET", "/v2.1/servers", servers.index),
    Route("POST", "/v2.1/servers", servers.create),
    Route("GET", "/v2.1/servers/detail", servers.details),
    Route("GET", _SERVER, servers.show),
    Route("PUT", _SERVER, servers.update),
    Route("DELETE", _SERVER, servers.delete),
    Route("POST", _SERVER + "/action", actions.act),
    Route("GET", _SERVER + "/ips", servers.addresses),
    Route("GET", _SERVER + "/diagnostics", servers.diagnostics),
    Route("GET", _SERVER + "/topology", servers.topology),
    Route("GET", _SERVER + "/os-security-groups", servers.server_groups),
    Route("GET", _SERVER + "/os-instance-actions", servers.instance_actions),
    Route("GET", _SERVER + "/os-instance-actions/{request}", servers.instance_action),
    Route("GET", _SERVER + "/os-interface", attachments.list_interfaces),
    Route("POST", _SERVER + "/os-interface", attachments.add_interface),
    Route("GET", _SERVER + "/os-interface/{port}", attachments.show_interface),
    Route("DELETE", _SERVER + "/os-interface/{port}", attachments.remove_interface),
    Route("GET", _SERVER + "/os-volume_attachments", attachments.list_volumes),
    Route("POST", _SERVER + "/os-volume_attachments", attachments.add_volume),
    Route("GET", _SERVER + "/os-volume_attachments/{volume}", attachments.show_volume),
    Route("DELETE", _SERVER + "/os-volume_attachments/{volume}", attachments.remove_volume),
    Route("GET", _SERVER + "/metadata", labels.show_metadata),
    Route("PUT", _SERVER + "/metadata", labels.replace_metadata),
    Route("POST", _SERVER + "/metadata", labels.add_metadata),
    Route("GET", _SERVER + "/metadata/{key}", labels.show_item),
    Route("PUT", _SERVER + "/metadata/{key}", labels.set_item),
    Route("DELETE", _SERVER + "/metadata/{key}", labels.drop_item),
    Route("GET", _SERVER + "/tags", labels.show_tags),
    Route("PUT", _SERVER + "/tags", labels.replace_tags),
    Route("DELETE", _SERVER + "/tags", labels.clear_tags),
    Route("GET", _SERVER + "/tags/{tag}", labels.has_tag),
    Route("PUT", _SERVER + "/tags/{tag}", labels.add_tag),
    Route("DELETE", _SERVER + "/tags/{tag}", labels.drop_tag),
)
_FAULTS = {
    400: "badRequest",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
}


def refusal(refused: RefusedError) -> Reply:
    if refused.status == 401:  # noqa: PLR2004 - said by keystonemiddleware, in Keystone's shape
        return keystone_refusal(refused)
    kind = _FAULTS.get(refused.status, "computeFault")
    return Reply({kind: {"code": refused.status, "message": refused.message}}, refused.status)


_VERBS = {"POST": "create", "PUT": "update", "DELETE": "delete"}


def forbidden(call: Call) -> str:
    collection = call.path.removeprefix("/compute/v2.1/").partition("/")[0]
    return f"Policy doesn't allow os_compute_api:{collection}:{_VERBS.get(call.method, 'update')} to be performed."


SERVICE = Service(
    "compute",
    "/compute",
    ROUTES,
    refusal,
    forbidden,
    Microversions("compute", "X-OpenStack-Nova-API-Version", (2, 1), (2, 90)),
)
