"""What a project holds and why a server failed: the same on the sandbox and on real OpenStack."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from keystoneauth1.session import Session

from magnumctl.cloud import Cloud, Resource
from magnumctl.errors import CloudError
from magnumctl.identity import connect

UUID = "11111111-2222-4333-8444-555555555555"
MARK = f"magnumctl:{UUID}"


@dataclass(frozen=True)
class Project:
    """A project, and a way to make things in it that ends with their deletion."""

    session: Session
    cloud: Cloud
    made: ExitStack

    def make(self, service: str, path: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        filters = {"service_type": service, "interface": "public"}
        headers = {"OpenStack-API-Version": "compute 2.52"} if service == "compute" else {}
        answer = self.session.post(path, json={kind: body}, endpoint_filter=filters, headers=headers).json()[kind]
        name = answer.get("id", answer.get("name"))
        self.made.callback(self.remove, f"{path}/{name}", filters)
        return dict(answer)

    def remove(self, path: str, filters: dict[str, str]) -> None:
        """Gone when it returns: what hangs on a server can be deleted only after it."""
        end = time.monotonic() + 30
        while self.session.get(path, endpoint_filter=filters, raise_exc=False).status_code != 404:
            assert time.monotonic() < end, f"{path} is still there"
            self.session.delete(path, endpoint_filter=filters, raise_exc=False)  # refused while it is being made
            time.sleep(0.1)

    def tag(self, kind: str, resource_id: str) -> None:
        filters = {"service_type": "network", "interface": "public"}
        self.session.put(f"/v2.0/{kind}/{resource_id}/tags", json={"tags": [MARK]}, endpoint_filter=filters)


@pytest.fixture(params=["sandbox_cloud", "rig_cloud"])
def project(request: pytest.FixtureRequest) -> Iterator[Project]:
    under_test = request.getfixturevalue(request.param)
    identity = connect(under_test.name, under_test.environ)
    with ExitStack() as made:
        yield Project(identity.session, Cloud(identity.session, identity.region, identity.interface), made)


def test_what_is_made_is_found_with_its_mark(project: Project) -> None:
    """Of every service; what the project held before is not of the bay."""
    name = f"inventory-{secrets.token_hex(4)}"
    group = project.make("network", "/v2.0/security-groups", "security_group", {"name": name})
    network = project.make("network", "/v2.0/networks", "network", {"name": name})
    volume = {"name": name, "size": 1, "metadata": {"magnumctl_bay": UUID}}
    disk = project.make("block-storage", "/volumes", "volume", volume)
    project.make("compute", "/os-keypairs", "keypair", {"name": name})
    project.tag("networks", network["id"])
    project.tag("security-groups", group["id"])
    inventory = project.cloud.inventory()
    assert inventory.of_bay(UUID) == {
        Resource("network", network["id"], name, (MARK,)),
        Resource("security group", group["id"], name, (MARK,)),
        Resource("volume", disk["id"], name, (MARK,)),
    }
    assert Resource("keypair", name, name) in inventory.resources


def test_other_projects_things_are_not_listed(project: Project) -> None:
    """Not the shared and external networks either: they are not the project's."""
    assert "public" not in {resource.name for resource in project.cloud.inventory().resources}


def test_quota_counts_what_is_there(project: Project) -> None:
    """One more security group, and its two rules, are seen at once."""
    before = {row.resource: row.used for row in project.cloud.quota()}
    project.make("network", "/v2.0/security-groups", "security_group", {"name": "quota"})
    after = {row.resource: row.used for row in project.cloud.quota()}
    changed = {resource: after[resource] - used for resource, used in before.items()}
    assert (changed["security_groups"], changed["security_group_rules"]) == (1, 2)


def test_every_resource_of_a_bay_has_a_quota(project: Project) -> None:
    """Of all that a plan counts."""
    assert [row.resource for row in project.cloud.quota()] == [
        "instances",
        "cores",
        "ram",
        "server_groups",
        "networks",
        "subnets",
        "routers",
        "ports",
        "security_groups",
        "security_group_rules",
        "floating_ips",
        "volumes",
        "gigabytes",
        "load_balancers",
    ]


def test_a_flavor_is_found_by_its_name_and_by_its_id(project: Project) -> None:
    """The same one."""
    flavor = project.cloud.flavor("m1.small")
    assert (project.cloud.flavor(flavor.id), flavor.vcpus, flavor.ram_mib) == (flavor, 1, 2048)


def test_a_server_that_is_not_there(project: Project) -> None:
    """Said in words, with its id."""
    with pytest.raises(CloudError, match=f"Nova cannot show the console of server {UUID}: there is no such thing"):
        project.cloud.console(UUID)


def test_a_server_tells_its_console_and_no_fault(project: Project) -> None:
    """A server that was built well."""
    server = boot(project, {})
    assert (project.cloud.server_fault(server), isinstance(project.cloud.console(server), str)) == (None, True)


@pytest.mark.parametrize("project", ["rig_cloud"], indirect=True)
def test_a_server_that_failed_says_why(project: Project) -> None:
    """Nova's own words; the rig fails a server on request."""
    fault = project.cloud.server_fault(boot(project, {"osrig_fail": "spawn"}))
    assert fault is not None
    assert (fault.status, bool(fault.message)) == ("ERROR", True)


def boot(project: Project, metadata: dict[str, str]) -> str:
    """The id of a server that is done building, well or not."""
    filters = {"service_type": "image", "interface": "public"}
    image = project.session.get("/v2/images", endpoint_filter=filters).json()["images"][0]["id"]
    wish = {
        "name": f"cloud-{secrets.token_hex(4)}",
        "flavorRef": project.cloud.flavor("m1.small").id,
        "imageRef": image,
        "networks": "none",
        "metadata": metadata,
    }
    server = str(project.make("compute", "/servers", "server", wish)["id"])
    filters = {"service_type": "compute", "interface": "public"}
    end = time.monotonic() + 60
    while project.session.get(f"/servers/{server}", endpoint_filter=filters).json()["server"]["status"] == "BUILD":
        assert time.monotonic() < end
        time.sleep(0.2)
    return server
